// A service without a window or a GPU: cameras go through one detector, each result is a line of JSON on standard output, and each time the
// number of things that are seen changes there is a picture of it. For pipelines: CameraService … | jq, | mosquitto_pub -l, | vector.
//   dotnet run --project demo/samples/CameraService -c Release -- digit-finder FOLDER camera:0 [rtsp://…] […] [--results N]
using System.Globalization;
using System.Runtime.InteropServices;
using RealtimeCnn.Camera;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL;
using RealtimeCnn.Samples.CameraService;

long most = args is [.., "--results", var number] ? long.Parse(number, CultureInfo.InvariantCulture) : long.MaxValue;
string[] cameras = most < long.MaxValue ? args[2..^2] : args.Length > 2 ? args[2..] : [];
if (cameras.Length == 0)
{
    Console.Error.WriteLine("CameraService needs a detector, a folder for pictures, and cameras: CameraService digit-finder events camera:0 rtsp://door.local/1.");
    return 2;
}

try
{
    using var model = ShippedModels.Load(args[0], new OnnxLoadOptions { TakesPictures = true });
    Directory.CreateDirectory(args[1]);
    using var group = new CameraGroup(device: null) { PicturesPerTurn = cameras.Length };
    var watches = Array.ConvertAll(cameras, camera => new CameraWatch(camera, model, args[1], Console.Out));
    foreach (var watch in watches)
        group.Add(watch.Network);

    // The service ends as services are told to, and says the rest of its lines first.
    bool ends = false;
    using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = ends = true);
    using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = ends = true);
    while (!Volatile.Read(ref ends) && watches.Sum(watch => watch.Network.FramesProcessed) < most && !Array.TrueForAll(watches, watch => watch.HasEnded))
    {
        group.Update(0.005);
        Array.ForEach(watches, watch => watch.Report());
        Thread.Sleep(5);
    }

    return 0;
}
catch (Exception problem) when (problem is OnnxException or CameraException or RealtimeCnn.ShapeException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"CameraService: {problem.Message}");
    return 2;
}
