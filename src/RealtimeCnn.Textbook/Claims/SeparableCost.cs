using RealtimeCnn.Drawing;
using System.Diagnostics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 12: what taking convolutions apart saves.</summary>
/// <remarks>
/// Source: Howard et al. 2017, "MobileNets", arXiv:1704.04861, section 3.1; Szegedy et al. 2014, "Going Deeper with
/// Convolutions", arXiv:1409.4842, section 4; Sandler et al. 2018, "MobileNetV2", arXiv:1801.04381, section 5.1.
/// </remarks>
internal sealed class SeparableCost() : Claim(
    "separable-cost",
    "Taken apart, a convolution costs a fraction",
    "A depthwise convolution looks around, a 1×1 convolution mixes channels: together they cost 1/N + 1/k² of one that does both at once. 1×1 bottlenecks make wide convolutions cheap and activations small.",
    "(k²·C + C·N) / (k²·C·N) = 1/N + 1/k²")
{
    private const int Side = 28;
    private const int Channels = 64;

    internal override void Run(Experiment e)
    {
        foreach (var (kernel, outputs) in ((int, int)[])[(3, 32), (3, 64), (3, 256), (5, 64)])
        {
            long full = Cost(e.Chain(Input(Channels), (Full(Channels, outputs, kernel), null)));
            long apart = Cost(Apart(e, Channels, outputs, kernel));
            e.Near($"cost apart against whole, N = {outputs}, k = {kernel}", (double)apart / full, (1.0 / outputs) + (1.0 / (kernel * kernel)), 1e-12);
        }

        EqualWhereSeparable(e);
        long direct = Cost(e.Chain(Input(192), (Full(192, 32, 5), null)));
        long narrowed = Cost(e.Chain(Input(192), (new PointwiseConv2d(192, 16) { HasBias = false }, null), (Full(16, 32, 5), null)));
        e.Equal("Inception, 32 of 5×5 over 192 channels of 28×28: multiply-adds", direct, 120_422_400);
        e.Equal("  through a 1×1 bottleneck of 16", narrowed, 12_443_648);
        var (narrow, wide) = Memory(e);
        Draw(e, direct, narrowed, narrow, wide);
    }

    // A filter that is a product of a place filter and a channel mixture is what a separable convolution can express.
    private static void EqualWhereSeparable(Experiment e)
    {
        Tensor x = e.Noise(new Shape(1, 5, 14, 17)), around = e.Noise(new Shape(5, 1, 3, 3)), mix = e.Noise(new Shape(7, 5, 1, 1));
        var whole = e.Tensor(new Shape(7, 5, 3, 3), [.. Enumerable.Range(0, 7 * 5 * 9).Select(i => mix.Span[i / 9] * around.Span[i % 45])]);
        var apart = e.Run(e.Chain(x.Shape, (new DepthwiseConv2d(5, 3) { HasBias = false }, [around]), (new PointwiseConv2d(5, 7) { HasBias = false }, [mix])), x);
        e.AtMost("outputs where the filter is separable, relative difference", Numbers.RelativeError(apart, e.Run(new Conv2d(5, 7, 3) { HasBias = false }, x, whole)), 1e-5);
    }

    // Residual blocks of equal inner width: MobileNetV2 keeps 24 channels between them, a plain one all 144.
    private static (long Narrow, long Wide) Memory(Experiment e)
    {
        long narrow = PeakBytes(e, 24), wide = PeakBytes(e, 144);
        e.AtMost("peak bytes of activations, 24 channels between blocks against 144", (double)narrow / wide, 0.9);
        return (narrow, wide);
    }

    private static long PeakBytes(Experiment e, int between)
    {
        const int Inner = 144;
        var builder = new GraphBuilder(e.Random.Next());
        var node = builder.Input("x", Input(between));
        for (int block = 0; block < 3; block++)
        {
            var expanded = builder.Add(new PointwiseConv2d(between, Inner) { Activation = Activation.Relu6 }, node);
            var around = builder.Add(new DepthwiseConv2d(Inner, 3) { Padding = 1, Activation = Activation.Relu6 }, expanded);
            node = builder.Add(new PointwiseConv2d(Inner, between) { AddsResidual = true }, [around, node]);
        }

        var network = e.Bind(e.Own(builder.Build(node)));
        e.Run(network, e.Noise(Input(between)));
        return network.ActivationBytes.Planned;
    }

    private static void Draw(Experiment e, long direct, long narrowed, long narrow, long wide)
    {
        double whole = Milliseconds(e, e.Chain(Input(Channels), (Full(Channels, Channels, 3), null)), Channels);
        double apart = Milliseconds(e, Apart(e, Channels, Channels, 3), Channels);
        e.Observe("3×3, 64 to 64 channels of 28×28, whole and apart, here and now", $"{Experiment.Number(whole)} and {Experiment.Number(apart)} ms");
        long full = Cost(e.Chain(Input(Channels), (Full(Channels, Channels, 3), null))), separable = Cost(Apart(e, Channels, Channels, 3));
        e.Page.Add(
            new BarChart("3×3, 64 → 64 channels of 28×28: multiply-adds", 420, [Bar("whole", full, Palette.Orange), Bar("apart", separable, Palette.Blue)]),
            new BarChart("the same: milliseconds, once, on this machine", 420, [
                new Bar("whole", whole, $"{Experiment.Number(whole)} ms", Palette.Orange), new Bar("apart", apart, $"{Experiment.Number(apart)} ms", Palette.Blue)]));
        e.Page.Add(
            new BarChart("Inception: 5×5 over 192 channels, multiply-adds", 420, [Bar("direct", direct, Palette.Orange), Bar("through 1×1", narrowed, Palette.Blue)]),
            new BarChart("three residual blocks: peak bytes of activations", 420, [Bar("144 between", wide, Palette.Orange), Bar("24 between", narrow, Palette.Blue)]));
        int[] outputs = [8, 16, 32, 64, 128, 256, 512, 1024];
        e.Page.Add(new LinePlot("cost apart against whole", 640, 210, "output channels N", "share", [.. ((int[])[3, 5, 7]).Select((kernel, i) =>
            new Curve($"k = {kernel}", [.. outputs.Select(n => ((double)n, (1.0 / n) + (1.0 / (kernel * kernel))))], Palette.Series[i]))]) { LogX = true, YRange = (0, 0.25) });
    }

    private static Bar Bar(string name, long value, Color color) => new(name, value, Experiment.Group(value), color);

    // The median of a few runs after a first one, which makes the plan.
    private static double Milliseconds(Experiment e, Graph graph, int channels)
    {
        var network = e.Bind(graph);
        var x = e.Noise(Input(channels));
        e.Run(network, x);
        double[] times = new double[5];
        for (int run = 0; run < times.Length; run++)
        {
            long start = Stopwatch.GetTimestamp();
            e.Run(network, x);
            times[run] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[times.Length / 2];
    }

    private static Shape Input(int channels) => new(1, channels, Side, Side);

    private static Conv2d Full(int channels, int outputs, int kernel) => new(channels, outputs, kernel) { Padding = kernel / 2, HasBias = false };

    private static Graph Apart(Experiment e, int channels, int outputs, int kernel) => e.Chain(
        Input(channels),
        (new DepthwiseConv2d(channels, kernel) { Padding = kernel / 2, HasBias = false }, null),
        (new PointwiseConv2d(channels, outputs) { HasBias = false }, null));

    private static long Cost(Graph graph)
    {
        var shapes = graph.InferShapes();
        return graph.Nodes.Sum(node => node.Layer.MultiplyAccumulates([.. node.Inputs.Select(input => shapes[input])], shapes[node]));
    }
}
