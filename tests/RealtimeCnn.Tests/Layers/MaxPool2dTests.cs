using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Layers;

public class MaxPool2dTests
{
    public static IEnumerable<LayerCase> Cases =>
    [
        .. new[] { 1, 3, 4, 15, 17, 33 }.Select(channels => Case($"{channels} channels", new MaxPool2d(2) { Stride = 2 }, new Shape(1, channels, 6, 9))),
        Case("overlapping, padded", new MaxPool2d(3) { Stride = 2, Padding = 1 }, new Shape(2, 5, 7, 8)),
        Case("all negative beside padding", new MaxPool2d(3) { Stride = 1, Padding = 1 }, new Shape(1, 3, 4, 4)) with { Lowest = -3, Highest = -2 },
        Case("asymmetric", new MaxPool2d(new Size2d(3, 2)) { Stride = 1, Padding = new Padding2d(2, 0, 1, 1) }, new Shape(1, 2, 4, 5)),
        Case("stride above kernel", new MaxPool2d(2) { Stride = 3 }, new Shape(1, 2, 8, 11)),
        Case("dilated", new MaxPool2d(2) { Stride = 1, Dilation = 3 }, new Shape(1, 2, 7, 5)),
        Case("dilated windows that see no element", new MaxPool2d(2) { Stride = 1, Dilation = 6, Padding = 3 }, new Shape(1, 3, 2, 9)),
        Case("ceil mode", new MaxPool2d(3) { Stride = 2, CeilMode = true }, new Shape(1, 6, 6, 8)),
        Case("ceil mode, where a further window would start behind the end", new MaxPool2d(2) { Stride = 3, CeilMode = true }, new Shape(1, 3, 6, 9)),
        Case("window as large as the input", new MaxPool2d(new Size2d(5, 3)) { Stride = 1 }, new Shape(1, 6, 5, 3)),
        Case("a NaN wins", new MaxPool2d(2) { Stride = 1 }, new Shape(1, 5, 6, 7)) with { Input = (_, random) => random.Next(9) == 0 ? float.NaN : random.NextSingle() + 0.5f },
        Case("beside indices", new MaxPool2d(3) { Stride = 2, Padding = 1, ReturnIndices = true }, new Shape(2, 17, 7, 8)),
        Case("a NaN beside indices", new MaxPool2d(2) { Stride = 1, ReturnIndices = true }, new Shape(1, 5, 6, 7)) with { Input = (_, random) => random.Next(9) == 0 ? float.NaN : random.NextSingle() + 0.5f },
        Case("same upper", new MaxPool2d(3) { Stride = 2, Padding = Padding2d.SameUpper }, new Shape(1, 6, 8, 7)),
    ];

    private static LayerCase Case(string name, MaxPool2d layer, Shape input) =>
        new(name, layer, (x, _) => PoolingOracle.Slide(layer, x[0], PoolingOracle.Max), 0, input);

    [Fact]
    public void Padding_as_large_as_the_window_is_an_error()
    {
        var error = Assert.Throws<ShapeException>(() => new MaxPool2d(2) { Stride = 1, Padding = 2 }.InferShape([new Shape(1, 1, 4, 4)]));
        Assert.Contains("smaller than the window", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_of_any_pooling_lie_side_by_side_where_no_stride_is_given()
    {
        var window = new Size2d(3, 2);
        PoolingLayer[] layers = [new MaxPool2d(window), new AveragePool2d(window), new LpPool2d(window), new GemPool2d(window), new WeightedAveragePool2d(window, 1)];
        Assert.All(layers, layer => Assert.Equal(new Shape(1, 1, 4, 5), layer.InferShape([new Shape(1, 1, 12, 10)])));
        var x = new GraphBuilder().Start(new Shape(1, 1, 12, 10));
        Assert.Equal(new Shape(1, 1, 4, 5), x.MaxPool2d(window).Shape);
        Assert.Equal(new Shape(1, 1, 4, 5), x.AveragePool2d(window).Shape);
    }
}
