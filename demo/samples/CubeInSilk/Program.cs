// A Silk.NET program with a cube, and a live detector on its faces: the program owns window, context, loop and cube; the network draws
// camera and boxes into a texture of the program's.
//   dotnet run --project demo/samples/CubeInSilk -c Release -p:UseSilkNet=true -- [camera:0 | FILE | numbers] [SECONDS]
using System.Globalization;
using RealtimeCnn;
using RealtimeCnn.Camera;
using RealtimeCnn.Drawing;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL;
using RealtimeCnn.Samples.CubeInSilk;
using RealtimeCnn.Silk;
using Silk.NET.OpenGL;
using Silk.NET.Windowing;

string source = args.Length > 0 ? args[0] : "numbers";
double seconds = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : double.PositiveInfinity;

using var model = ShippedModels.Load("digit-finder");
var card = ModelCard.Of(model);
using var network = new CameraNetwork(model.Graph, new CameraNetworkOptions
{
    Preprocessing = card.Preprocessing,
    Head = card.Head as DetectionHead,
    OpenSource = () => FrameSources.Open(source),
    Match = ResultMatch.LowestLatency,
});

var options = WindowOptions.Default;
options.Title = "cube";
options.API = new GraphicsAPI(ContextAPI.OpenGL, ContextProfile.Core, ContextFlags.Default, new APIVersion(4, 3));
using var window = Window.Create(options);
GlDevice? device = null;
Cube? cube = null;
int found = 0;
double time = 0;

window.Load += () =>
{
    cube = new Cube(window.CreateOpenGL());
    network.Initialize(device = SilkDevice.Attach(window));
};
window.Update += network.Update;
window.Render += delta =>
{
    network.Draw(cube!.Framebuffer, new Size2d(Cube.Side, Cube.Side), DrawBoxes, background: Color.FromRgb(0x303848));
    cube.Draw(window.FramebufferSize.X, window.FramebufferSize.Y, time += delta);
    if (time > seconds)
        window.Close();
};
window.Closing += () =>
{
    Console.WriteLine($"{network.FramesProcessed} pictures, {found} boxes in the last one, network on {network.Choice}");
    network.Dispose();
    device?.Dispose();
    cube?.Dispose();
};
window.Run();

void DrawBoxes(Canvas canvas, Area where, LiveResult result)
{
    found = result.Detections.Count;
    foreach (var box in result.Detections)
    {
        PicturePoint first = OnCanvas(box.Left, box.Top), second = OnCanvas(box.Right, box.Bottom);
        canvas.Outline(new Area((float)first.X, (float)first.Y, (float)(second.X - first.X), (float)(second.Y - first.Y)), Color.FromRgb(0xFFB84D), 4, 6);
    }

    PicturePoint OnCanvas(double x, double y)
    {
        var upright = result.Mapping.ToUpright(new PicturePoint(x, y));
        return new PicturePoint(where.X + (upright.X * where.Width / result.Mapping.Upright.Width), where.Y + (upright.Y * where.Height / result.Mapping.Upright.Height));
    }
}
