// A program of Emgu.CV's with a capture of its own: each Mat goes to a detector, without a copy where its memory allows that, and what the
// network says comes back as a Mat. A capture that nobody else reads may be a source instead: EmguSource.Over(capture, isLive: true).
//   dotnet run --project demo/samples/DetectorInEmgu -c Release -p:UseEmguCv=true -- VIDEO [MODEL.onnx]
using Emgu.CV;
using RealtimeCnn.Camera.Emgu;
using RealtimeCnn.Images;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL;

if (args.Length is < 1 or > 2)
{
    Console.Error.WriteLine("DetectorInEmgu needs a video, and takes a model: DetectorInEmgu street.mp4 faces.onnx.");
    return 2;
}

using var capture = new VideoCapture(args[0]);
if (!capture.IsOpened)
{
    Console.Error.WriteLine($"DetectorInEmgu: OpenCV cannot open '{args[0]}'.");
    return 2;
}

using var model = ShippedModels.Load(args.Length > 1 ? args[1] : "digit-finder");
using var network = new CameraNetwork(model.Graph, new CameraNetworkOptions { Preprocessing = ModelCard.Of(model).Preprocessing });
network.ResultArrived += (_, result) =>
{
    using var heat = result.Outputs[0].ToMat();
    Console.WriteLine($"picture {result.Sequence} of {result.Mapping.Upright.Width}x{result.Mapping.Upright.Height}: '{model.Outputs[0].Name}' is {heat.Cols}x{heat.Rows}, {heat.Depth}");
};
network.Initialize();
for (long sequence = 0; capture.QueryFrame() is { } mat; sequence++)
{
    // The Mat is the network's from here on.
    network.Submit(mat.HandOver(FrameClock.Now, sequence));
    network.Update(0);
}

while (!network.IsIdle)
{
    network.Update(0);
    network.TryGetLatest(out _);
}

Console.WriteLine($"{network.FramesProcessed} pictures, {network.FramesDropped} dropped, on {network.Choice}");
return 0;
