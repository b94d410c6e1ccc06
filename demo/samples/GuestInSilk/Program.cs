// A guest in a Silk.NET program: this program owns the window, the OpenGL context and the loop; the network joins it.
//   dotnet run --project demo/samples/GuestInSilk -p:UseSilkNet=true -- [camera:0 | FILE | pattern] [SECONDS]
using System.Globalization;
using RealtimeCnn;
using RealtimeCnn.Camera;
using RealtimeCnn.Drawing;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL;
using RealtimeCnn.Silk;
using Silk.NET.Windowing;

string source = args.Length > 0 ? args[0] : "pattern";
double seconds = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : double.PositiveInfinity;

var options = WindowOptions.Default;
options.Title = "guest";
options.API = new GraphicsAPI(ContextAPI.OpenGL, ContextProfile.Core, ContextFlags.Default, new APIVersion(4, 3));
using var window = Window.Create(options);
using var graph = Filters.Graph(new Shape(1, 3, 240, 320), Filters.SobelLeft);
using var network = new CameraNetwork(graph, new CameraNetworkOptions
{
    Preprocessing = new Preprocessing { Size = new Size2d(240, 320), Fit = FitMode.Letterbox },
    OpenSource = () => FrameSources.Open(source),
});
GlDevice? device = null;
double time = 0;

window.Load += () => network.Initialize(device = SilkDevice.Attach(window));
window.Update += network.Update;
window.Render += delta =>
{
    // The program draws what it likes here; its OpenGL state is as it left it before and after each call.
    network.Draw(0, new Size2d(window.FramebufferSize.Y, window.FramebufferSize.X), (canvas, where, result) =>
        canvas.Text($"edges {Strength(result):0.00}  age {result.Age.TotalMilliseconds:0} ms", where.X + 12, where.Y + 12, 28, Color.White));
    if ((time += delta) > seconds)
        window.Close();
};
window.Closing += () =>
{
    Console.WriteLine($"{network.FramesProcessed} pictures, {network.FramesDropped} dropped, on {device?.Info.Renderer}.");
    network.Dispose();
    device?.Dispose();
};
window.Run();

static double Strength(LiveResult result)
{
    double sum = 0;
    foreach (float value in result.Outputs[0].Span)
        sum += Math.Abs(value);
    return sum / result.Outputs[0].Shape.Count;
}
