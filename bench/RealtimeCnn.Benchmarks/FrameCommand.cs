using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using RealtimeCnn.Images;

namespace RealtimeCnn.Benchmarks;

/// <summary><c>frames</c>: what a camera's frame costs until it is the input of a network on the CPU, for each pixel format.</summary>
internal static class FrameCommand
{
    private static readonly (int Width, int Height)[] Sizes = [(1920, 1080), (640, 480)];

    public static Command Create()
    {
        var runs = new Option<int>("--runs") { Description = "Runs of each; the least counts.", DefaultValueFactory = _ => 60 };
        var size = new Option<int>("--size") { Description = "Height and width of the input.", DefaultValueFactory = _ => 224 };
        var fit = new Option<FitMode>("--fit") { Description = "How frames are brought to that size.", DefaultValueFactory = _ => FitMode.Stretch };
        var command = new Command("frames", "Times camera frames on their way into a network on the CPU.") { runs, size, fit };
        command.SetAction(parsed => Run(
            Math.Max(parsed.GetValue(runs), 1), new Preprocessing { Size = parsed.GetValue(size), Fit = parsed.GetValue(fit) }, parsed.InvocationConfiguration.Output));
        return command;
    }

    private static void Run(int runs, Preprocessing preprocessing, TextWriter output)
    {
        var (height, width) = preprocessing.Size;
        output.WriteLine($"frame → tensor {width}×{height}, {preprocessing.Fit}, one thread, least of {runs} runs, milliseconds");
        foreach (var size in Sizes)
        foreach (var pixels in Enum.GetValues<PixelFormat>())
        {
            var format = new FrameFormat(size.Width, size.Height, pixels);
            byte[] frame = new byte[format.Bytes];
            new Random(1).NextBytes(frame);
            var converter = new ImageToTensor(preprocessing);
            using var tensor = new Tensor(preprocessing.Shape);
            double least = Least(runs, () => converter.Run(frame, format, default, tensor));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{format,-16}{least,9:0.000}"));
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
