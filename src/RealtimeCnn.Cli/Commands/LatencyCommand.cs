using System.CommandLine;
using System.Globalization;
using RealtimeCnn.Cli.Latency;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Cli.Commands;

/// <summary><c>rtcnn latency</c>: from the camera to the drawn picture, read out of the drawn pixels; exit 1 when they are not those they should be.</summary>
internal static class LatencyCommand
{
    // Below, the pattern has no room for its number.
    private const int LeastSide = 32, MostSide = 8192;

    public static Command Create()
    {
        var width = SharedOptions.Number("--width", "Of the pictures, in pixels.", 640, LeastSide, MostSide);
        var height = SharedOptions.Number("--height", "Of the pictures, in pixels.", 480, LeastSide, MostSide);
        var rate = SharedOptions.Number("--rate", "Pictures per second.", 30, 1, 1000);
        var frames = SharedOptions.Number("--frames", "Pictures to draw.", 120, 1, 1_000_000);
        var gl = new GlOption();
        var command = new Command("latency", "Measure the time from the camera to the drawn picture.") { width, height, rate, frames };
        gl.AddTo(command);
        command.SetAction((parsed, cancellation) => Run(
            gl.Read(parsed), new Size2d(parsed.GetValue(height), parsed.GetValue(width)), parsed.GetValue(rate), parsed.GetValue(frames), parsed.InvocationConfiguration.Output, cancellation));
        return command;
    }

    private static int Run(GlDeviceOptions gl, Size2d size, int rate, int frames, TextWriter output, CancellationToken cancellation)
    {
        using var graph = Network();
        var input = ((Input)graph.Inputs[0].Layer).Shape;
        using var host = EglHost.Create(options: gl);
        var preprocessing = new Preprocessing { Size = new Size2d(input.Height, input.Width), Fit = FitMode.Letterbox };
        var pictures = MotionToPhoton.Measure(host.Device, graph, preprocessing, size, rate, frames, cancellation);
        double[] times = [.. pictures.Select(picture => picture.Milliseconds).Order()];
        output.WriteLine($"renderer: {host.Device.Info.Renderer}");
        output.WriteLine($"pictures: {frames} of {size.Width}×{size.Height} drawn, {pictures[^1].Sequence - pictures[0].Sequence + 1 - frames} left out between them, at {rate} per second");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"motion to photon: {Quantile(0.5):0.0} ms p50, {Quantile(0.99):0.0} ms p99, {times[0]:0.0} to {times[^1]:0.0} ms"));
        if (DrawnPicture.Problem(pictures) is not { } problem)
            return ExitCode.Fine;
        output.WriteLine(problem);
        return ExitCode.CheckFailed;

        double Quantile(double part) => times[(int)Math.Ceiling(part * times.Length) - 1];
    }

    /// <summary>A small network, such as runs beside a game: 8 million multiply-accumulates.</summary>
    private static Graph Network()
    {
        var builder = new GraphBuilder(seed: 1);
        var x = builder.Input("image", new Shape(1, 3, 120, 160));
        x = builder.Add(new Conv2d(3, 16, 3) { Stride = 2, Padding = 1, Activation = Activation.Relu }, x);
        x = builder.Add(new Conv2d(16, 24, 3) { Stride = 2, Padding = 1, Activation = Activation.Relu }, x);
        x = builder.Add(new Conv2d(24, 32, 3) { Stride = 2, Padding = 1, Activation = Activation.Relu }, x);
        return builder.Build(builder.Add(new Linear(32, 10), builder.Add(new Flatten(), builder.Add(new GlobalAveragePool(), x)), name: "scores"));
    }
}
