// A guest in a host's loop: this program owns the window, the OpenGL context and the loop; the network joins it.
//   dotnet run --project demo/samples/GuestInGlfw -- [camera:0 | FILE | pattern] [SECONDS]
using System.Diagnostics;
using System.Globalization;
using RealtimeCnn;
using RealtimeCnn.Camera;
using RealtimeCnn.Drawing;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL;
using RealtimeCnn.Samples.GuestInGlfw;

string source = args.Length > 0 ? args[0] : "pattern";
double seconds = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : double.PositiveInfinity;

nint window = Glfw.Open(960, 720, "guest");
using (var device = GlDevice.Attach(Glfw.GetProcAddress))
using (var graph = Filters.Graph(new Shape(1, 3, 240, 320), Filters.SobelLeft))
using (var network = new CameraNetwork(graph, new CameraNetworkOptions
{
    Preprocessing = new Preprocessing { Size = new Size2d(240, 320), Fit = FitMode.Letterbox },
    OpenSource = () => FrameSources.Open(source),
}))
{
    network.Initialize(device);
    long start = Stopwatch.GetTimestamp(), last = start;
    while (!Glfw.ShouldClose(window) && Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
    {
        long now = Stopwatch.GetTimestamp();
        network.Update(Stopwatch.GetElapsedTime(last, now).TotalSeconds);
        last = now;

        // The host draws what it likes here; its OpenGL state is as it left it before and after each call. Without a background its
        // picture stays where no camera picture is, and `into` is the part of the window to draw into.
        network.Draw(0, Glfw.FramebufferSize(window), (canvas, where, result) =>
            canvas.Text($"edges {Strength(result):0.00}  age {result.Age.TotalMilliseconds:0} ms", where.X + 12, where.Y + 12, 28, Color.White), background: Color.Black);
        Glfw.SwapAndPoll(window);
    }

    Console.WriteLine($"{network.FramesProcessed} pictures, {network.FramesDropped} dropped, on {device.Info.Renderer}.");
}

Glfw.Close(window);

static double Strength(LiveResult result)
{
    double sum = 0;
    foreach (float value in result.Outputs[0].Span)
        sum += Math.Abs(value);
    return sum / result.Outputs[0].Shape.Count;
}
