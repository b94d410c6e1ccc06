using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Benchmarks;

/// <summary>
/// <c>convolutions</c>: 3×3 convolutions on one thread, by each kernel that computes them, in turns. What the choice among the kernels
/// rests on.
/// </summary>
internal static partial class ConvolutionCommand
{
    private static readonly string[] Kernels = ["tile", "winograd 4×4", "winograd 2×2"];

    public static Command Create()
    {
        var shapes = new Argument<string[]>("shapes")
        {
            Description = "Input channels, or input x output channels, @ height and width, such as 64@56 or 16x64@28.",
            DefaultValueFactory = _ => ["3x64@224", "16@28", "16@112", "32@12", "32@56", "64@7", "64@14", "64@56", "64@224", "128@7", "128@28", "256@8", "256@14", "512@7", "512@14"],
        };
        var runs = new Option<int>("--runs") { Description = "Measured runs of each kernel.", DefaultValueFactory = _ => 30 };
        var command = new Command("convolutions", "Times the kernels of 3×3 convolutions on the CPU.") { shapes, runs };
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            output.WriteLine($"{"microseconds",-14}{string.Concat(Kernels.Select(kernel => $"{kernel,14}"))}{"chosen",14}");
            foreach (string shape in parsed.GetRequiredValue(shapes))
                output.WriteLine($"{shape,-14}{string.Concat(Measure(shape, Math.Max(parsed.GetValue(runs), 1)).Select(Text))}");
        });
        return command;
    }

    /// <summary>The shortest run by each kernel, and by the chosen one; without the conversions of the picture, which take the same by all.</summary>
    private static double[] Measure(string text, int runs)
    {
        var match = ShapeText().Match(text);
        if (!match.Success)
            throw new ArgumentException($"'{text}' is no shape such as 64@56 or 16x64@28.");
        int Number(int group, int otherwise) => match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : otherwise;
        var shape = new Shape(1, Number(1, 0), Number(3, 0), Number(3, 0));
        int outputs = Number(2, shape.Channels);
        using var input = new Tensor(shape, [.. Enumerable.Range(0, shape.Count).Select(i => MathF.Sin(i))]);
        double[] shortest = new double[Kernels.Length + 1];
        double conversions = double.PositiveInfinity;
        Array.Fill(shortest, double.PositiveInfinity);
        using var without = Chain(shape, outputs, convolves: false);
        using var graph = Chain(shape, outputs, convolves: true);
        CpuNetwork?[] networks = [.. Kernels.Select(kernel => Open(graph, input, [$"ConvolutionLayer/{kernel}"])), Open(graph, input, [])];
        using var bare = new CpuNetwork(without, new NetworkOptions { Threads = 1 });
        for (int run = 0; run < runs; run++)
        {
            conversions = Math.Min(conversions, Time(bare, input));
            for (int i = 0; i < networks.Length; i++)
                shortest[i] = networks[i] is { } network ? Math.Min(shortest[i], Time(network, input)) : double.NaN;
        }

        foreach (var network in networks)
            network?.Dispose();
        return Array.ConvertAll(shortest, time => time - conversions);
    }

    /// <summary>A convolution between poolings of one pixel, which keep the conversions from being its own.</summary>
    private static Graph Chain(Shape shape, int outputs, bool convolves)
    {
        var builder = new GraphBuilder(seed: 1);
        var x = builder.Start(shape).MaxPool2d(1);
        return builder.Build((convolves ? x.Conv2d(outputs, 3, padding: 1) : x).MaxPool2d(1));
    }

    /// <summary>A network that ran once, or null where its kernel does not compute the convolution.</summary>
    private static CpuNetwork? Open(Graph graph, Tensor input, string[] kernels)
    {
        var network = new CpuNetwork(graph, new NetworkOptions { Threads = 1, ForcedKernels = kernels });
        try
        {
            network.Run(input);
            return network;
        }
        catch (NotSupportedException)
        {
            network.Dispose();
            return null;
        }
    }

    private static double Time(CpuNetwork network, Tensor input)
    {
        network.Run(input);
        long start = Stopwatch.GetTimestamp();
        network.Run(input);
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    private static string Text(double microseconds) => double.IsNaN(microseconds) ? $"{"–",14}" : string.Create(CultureInfo.InvariantCulture, $"{microseconds,14:0}");

    [GeneratedRegex(@"^(\d+)(?:x(\d+))?@(\d+)$", RegexOptions.CultureInvariant)]
    private static partial Regex ShapeText();
}
