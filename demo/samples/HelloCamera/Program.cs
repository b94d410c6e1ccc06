// A window, a camera, a model.
//   dotnet run --project demo/samples/HelloCamera -- camera:0 MODEL.onnx
using RealtimeCnn;
using RealtimeCnn.App;
using RealtimeCnn.Camera;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL;

if (args.Length != 2)
{
    Console.Error.WriteLine("HelloCamera needs a source and a model: HelloCamera camera:0 MODEL.onnx (or a video, a photograph, an address, or pattern).");
    return 2;
}

try
{
    using var app = CameraApp.Open(args[0], args[1]);
    Console.WriteLine(app.Choice);
    app.Run(frame => frame.Overlay.Label(frame.Prediction.Top1));
    return 0;
}
catch (Exception problem) when (problem is OnnxException or CameraException or GlException or ShapeException or IOException)
{
    Console.Error.WriteLine($"HelloCamera: {problem.Message}");
    return 2;
}
