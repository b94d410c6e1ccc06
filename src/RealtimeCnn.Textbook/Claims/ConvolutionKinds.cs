using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 16: what dilated, transposed and grouped convolutions reach and cost.</summary>
/// <remarks>
/// Source: Yu and Koltun 2015, "Multi-Scale Context Aggregation by Dilated Convolutions", arXiv:1511.07122; Dumoulin and Visin 2016,
/// arXiv:1603.07285, chapter 4; Odena, Dumoulin and Olah 2016, "Deconvolution and Checkerboard Artifacts", Distill; Zhang et al. 2017,
/// "ShuffleNet", arXiv:1707.01083.
/// </remarks>
internal sealed class ConvolutionKinds() : Claim(
    "convolution-kinds",
    "Dilated reach far, transposed go back, grouped cost less",
    "Dilation spreads a window without more weights; a transposed convolution spreads each input over a window, as the gradient of a convolution does; groups keep channels apart at a fraction of the cost, until a shuffle mixes them.",
    "reach: d·(k − 1) + 1        y · (w ⋆ x) = x · (w' ⋆ y)        size: (n − 1)·s + k        cost in g groups: 1/g")
{
    private const int Side = 41;
    private const int Channels = 12;

    internal override void Run(Experiment e)
    {
        Dilated(e);
        Transposed(e);
        Grouped(e);
    }

    private static void Dilated(Experiment e)
    {
        int[] dilations = [1, 2, 4, 8];
        var dot = Dot(e);
        Tensor[] painted = [.. dilations.Select(dilation => e.Run(Ones(e, Spread(dilation)), dot))];
        e.Equal("sides of what one pixel reaches, 3×3 dilated by 1, 2, 4 and 8", string.Join(", ", painted.Select(Reach)), "3, 5, 9, 17");
        e.Equal("  multiply-adds, as many different", dilations.Select(dilation => Cost(Ones(e, Spread(dilation)))).Distinct().Count(), 1);
        Graph plain = Ones(e, [.. dilations.Select(_ => Spread(1))]), stack = Ones(e, [.. dilations.Select(Spread)]);
        e.Equal("four plain layers reach", Reach(e.Run(plain, dot)), 9);
        e.Equal("four layers dilated by 1, 2, 4 and 8, at the same cost", Reach(e.Run(stack, dot)), 31);
        e.Page.Add(
            [.. painted.SkipLast(1).Zip(dilations).Select(pair => (Panel)(Raster.Heat($"3×3 dilated by {pair.Second}", pair.First) with { Zoom = 3 })),
            Raster.Heat("four plain layers", Logarithm(e, e.Run(plain, dot))) with { Zoom = 3 },
            Raster.Heat("dilated by 1, 2, 4, 8", Logarithm(e, e.Run(stack, dot))) with { Zoom = 3 }]);
    }

    private static void Transposed(Experiment e)
    {
        var weight = e.Noise(new Shape(3, 2, 3, 3));
        Tensor x = e.Noise(new Shape(1, 2, 13, 15)), y = e.Noise(new Shape(1, 3, 6, 7));
        Tensor forth = e.Run(new Conv2d(2, 3, 3) { Stride = 2, HasBias = false }, x, weight);
        Tensor back = e.Run(new ConvTranspose2d(3, 2, 3) { Stride = 2, HasBias = false }, y, weight);
        e.Equal("size of what comes back, stride 2", back.Shape.ToString(), x.Shape.ToString());
        double one = Numbers.Product(y.Span, forth.Span);
        e.Near("y · (w ⋆ x) against x · (w' ⋆ y)", Numbers.Product(x.Span, back.Span), one, 1e-4 * Numbers.Length(y.Span) * Numbers.Length(forth.Span));
        e.AtMost("what comes back against the gradient of the convolution", Numbers.RelativeError(back, Gradient(e, x, y, weight)), 1e-5);

        Tensor uneven = Overlap(e, 3), even = Overlap(e, 4);
        e.Equal("windows over a pixel, kernel 3 and stride 2", string.Join(", ", Inside(e, uneven).Distinct().Order()), "1, 2, 4");
        e.Equal("  kernel 4, which the stride divides", string.Join(", ", Inside(e, even).Distinct().Order()), "4");
        e.Page.Add(
            Raster.Heat("one pixel, transposed: its kernel", e.Run(new ConvTranspose2d(1, 1, 3) { Stride = 2, HasBias = false }, e.Picture(1, 5, 5, (_, row, column) => row == 2 && column == 2 ? 1 : 0), e.Noise(new Shape(1, 1, 3, 3)))) with { Zoom = 12 },
            Raster.Heat("kernel 3, stride 2: a checkerboard", uneven) with { Zoom = 6 },
            Raster.Heat("kernel 4, stride 2: even", even) with { Zoom = 6 });
    }

    // The gradient that training computes for the convolution's input where that of its output is y: the loss Σ (w ⋆ x − t)² / n with t = w ⋆ x − y·n/2.
    private static Tensor Gradient(Experiment e, Tensor x, Tensor y, Tensor weight)
    {
        var graph = e.Chain(x.Shape, (new Conv2d(2, 3, 3) { Stride = 2, HasBias = false }, [weight]));
        var now = e.Run(graph, x);
        var target = e.Tensor(now.Shape, [.. now.Span.ToArray().Zip(y.Span.ToArray(), (value, gradient) => value - (gradient * y.Shape.Count / 2))]);
        var network = e.Trainable(graph, new MeanSquaredError(), "x");
        network.Backpropagate(x, target);
        return e.Own(network.InputGradient("x"));
    }

    private static void Grouped(Experiment e)
    {
        int[] groups = [1, 2, 3, 4, 6, 12];
        long[] costs = [.. groups.Select(count => Cost(e.Chain(Input, (Group(count), null))))];
        e.Equal("groups whose cost is not 1/g of the whole", groups.Zip(costs).Count(pair => pair.First * pair.Second != costs[0]), 0);
        e.Equal("output channels that one input channel changes, in 1, 3 and 12 groups", string.Join(", ", ((int[])[1, 3, 12]).Select(count => Moved(e, (Group(count), null)))), "12, 4, 1");
        e.Equal("  two layers in 3 groups", Moved(e, (Group(3), null), (Group(3), null)), 4);
        e.Equal("  with a shuffle between them", Moved(e, (Group(3), null), (new ChannelShuffle(3), null), (Group(3), null)), 12);
        e.Page.Add(new BarChart("12 → 12 channels of 9×9, 3×3: multiply-adds", 640, [.. groups.Zip(costs).Select((pair, i) =>
            new Bar(i == 0 ? "whole" : $"{pair.First} groups", pair.Second, Experiment.Group(pair.Second), Palette.Series[i]))]));
    }

    // Output channels that change when the first input channel does.
    private static int Moved(Experiment e, params (Layer, Tensor[]?)[] layers)
    {
        var network = e.Bind(e.Chain(Input, layers));
        var x = e.Noise(Input);
        var other = e.Own(x.Clone());
        other.Span[..x.Shape.Area].Fill(3);
        Tensor before = e.Run(network, x), after = e.Run(network, other);
        int area = before.Shape.Area;
        return Enumerable.Range(0, Channels).Count(channel => !before.Span.Slice(channel * area, area).SequenceEqual(after.Span.Slice(channel * area, area)));
    }

    private static Shape Input { get; } = new(1, Channels, 9, 9);

    private static Conv2d Group(int count) => new(Channels, Channels, 3) { Padding = 1, Groups = count, HasBias = false };

    private static Conv2d Spread(int dilation) => new(1, 1, 3) { Dilation = dilation, Padding = dilation, HasBias = false };

    private static Graph Ones(Experiment e, params Conv2d[] layers) => e.Chain(new Shape(1, 1, Side, Side), [.. layers.Select(layer => ((Layer)layer, (Tensor[]?)[e.Picture(new Shape(1, 1, 3, 3), () => 1)]))]);

    private static Tensor Dot(Experiment e) => e.Picture(1, Side, Side, (_, row, column) => row == Side / 2 && column == Side / 2 ? 1 : 0);

    // Side of the square around the middle that holds all that is not zero.
    private static int Reach(Tensor x)
    {
        int far = Enumerable.Range(0, Side * Side).Where(i => x.Span[i] != 0).Select(i => Math.Max(Math.Abs((i / Side) - (Side / 2)), Math.Abs((i % Side) - (Side / 2)))).DefaultIfEmpty(-1).Max();
        return (2 * far) + 1;
    }

    private static Tensor Overlap(Experiment e, int kernel) =>
        e.Run(new ConvTranspose2d(1, 1, kernel) { Stride = 2, HasBias = false }, e.Picture(1, 9, 9, (_, _, _) => 1), e.Picture(new Shape(1, 1, kernel, kernel), () => 1));

    private static float[] Inside(Experiment e, Tensor x) => Shift.Interior(e, x, 4).Span.ToArray();

    private static Tensor Logarithm(Experiment e, Tensor x) => e.Picture(1, Side, Side, (_, row, column) => MathF.Log(1 + x[0, 0, row, column]));

    private static long Cost(Graph graph) => graph.Summary().MultiplyAccumulates;
}
