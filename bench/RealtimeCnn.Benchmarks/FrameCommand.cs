using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using RealtimeCnn.Cpu;
using RealtimeCnn.Images;
using RealtimeCnn.Models;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.SelfTests;

namespace RealtimeCnn.Benchmarks;

/// <summary>
/// <c>frames</c>: what a camera's frame costs on the CPU, for each pixel format: until it is a tensor, with a network behind it, and read
/// by the network itself. With <c>--gpu</c>: until it is a tensor on the device, upload included.
/// </summary>
internal static class FrameCommand
{
    private static readonly (int Width, int Height)[] Sizes = [(1920, 1080), (640, 480)];

    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "A classic network.", DefaultValueFactory = _ => "mobilenetv2" };
        var runs = new Option<int>("--runs") { Description = "Runs of each; the least counts.", DefaultValueFactory = _ => 60 };
        var threads = new Option<int>("--threads") { Description = "Threads of the network.", DefaultValueFactory = _ => 1 };
        var fit = new Option<FitMode>("--fit") { Description = "How frames are brought to the network's size.", DefaultValueFactory = _ => FitMode.Stretch };
        var gpu = new Option<bool>("--gpu") { Description = "Only to a tensor, in OpenGL: processor time of all threads, and time." };
        var command = new Command("frames", "Times camera frames on their way through a network on the CPU, or to a tensor in OpenGL.") { model, runs, threads, fit, gpu };
        command.SetAction(parsed =>
        {
            using var graph = ModelCatalog.Create(parsed.GetValue(model)!, new ModelOptions());
            var input = new Preprocessing { Size = new(graph.InputShapes[0].Height, graph.InputShapes[0].Width), Fit = parsed.GetValue(fit) };
            if (parsed.GetValue(gpu))
            {
                RunOnGpu(input, Math.Max(parsed.GetValue(runs), 1), parsed.InvocationConfiguration.Output);
                return;
            }

            using var network = new CpuNetwork(graph, new NetworkOptions { Threads = Math.Max(parsed.GetValue(threads), 1) });
            Run(network, input, Math.Max(parsed.GetValue(runs), 1), parsed.InvocationConfiguration.Output);
        });
        return command;
    }

    private static void Run(CpuNetwork network, Preprocessing preprocessing, int runs, TextWriter output)
    {
        output.WriteLine($"{network.Choice}; {preprocessing.Fit} to {preprocessing.Size.Width}×{preprocessing.Size.Height}; least of {runs} runs, milliseconds");
        output.WriteLine($"{"",-16}{"to a tensor",14}{"and a result",14}{"to a result",14}");
        foreach (var (width, height) in Sizes)
        foreach (var pixels in Enum.GetValues<PixelFormat>())
        {
            var format = new FrameFormat(width, height, pixels);
            using var pool = new FramePool(1);
            using var frame = new Frame(pool.TryRent(format.Bytes)!, format, default, 0);
            new Random(1).NextBytes(frame.Buffer.Bytes[..format.Bytes]);
            var input = new ImageToTensor(preprocessing);
            using var tensor = new Tensor(preprocessing.Shape);
            double convert = Least(runs, () => input.Run(frame, tensor));
            double both = Least(runs, () =>
            {
                input.Run(frame, tensor);
                network.Run(tensor);
            });
            double straight = Least(runs, () => network.Run(frame, input));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{format,-16}{convert,14:0.000}{both,14:0.000}{straight,14:0.000}"));
        }
    }

    private static void RunOnGpu(Preprocessing preprocessing, int runs, TextWriter output)
    {
        // Processor time is counted in steps that are long beside one run.
        const int RunsAtOnce = 5;
        using var host = EglHost.Create();
        output.WriteLine($"{host.Device.Info.Renderer}; {preprocessing.Fit} to {preprocessing.Size.Width}×{preprocessing.Size.Height}; least of {runs} runs, milliseconds");
        output.WriteLine($"{"",-16}{"processors",14}{"time",14}");
        foreach (var (width, height) in Sizes)
        foreach (var pixels in Enum.GetValues<PixelFormat>())
        {
            var format = new FrameFormat(width, height, pixels);
            using var picture = new PictureRun(host.Device, format, preprocessing);
            picture.Run();
            double processors = double.PositiveInfinity;
            double time = Least(Math.Max(runs / RunsAtOnce, 1), () =>
            {
                var before = Environment.CpuUsage.TotalTime;
                for (int i = 0; i < RunsAtOnce; i++)
                    picture.Run();
                processors = Math.Min(processors, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / RunsAtOnce);
            }) / RunsAtOnce;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{format,-16}{processors,14:0.000}{time,14:0.000}"));
        }
    }

    private static double Least(int runs, Action run)
    {
        double least = double.PositiveInfinity;
        for (int i = 0; i < runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            run();
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return least;
    }
}
