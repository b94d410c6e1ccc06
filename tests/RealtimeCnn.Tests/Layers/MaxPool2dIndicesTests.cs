using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Layers;

public class MaxPool2dIndicesTests
{
    public static IEnumerable<LayerCase> Cases =>
    [
        .. new[] { 1, 3, 15, 17 }.Select(channels => Case($"{channels} channels", new MaxPool2d(2) { Stride = 2 }, new Shape(2, channels, 6, 9))),
        Case("overlapping, padded", new MaxPool2d(3) { Stride = 2, Padding = 1 }, new Shape(3, 5, 7, 8)),
        Case("dilated windows that see no element", new MaxPool2d(2) { Stride = 1, Dilation = 6, Padding = 3 }, new Shape(1, 3, 2, 9)),
        Case("the first NaN wins", new MaxPool2d(3) { Stride = 1 }, new Shape(1, 5, 6, 7)) with { Input = (_, random) => random.Next(9) == 0 ? float.NaN : random.NextSingle() + 0.5f },
        Case("equal elements: the first wins", new MaxPool2d(3) { Stride = 2, CeilMode = true }, new Shape(1, 2, 6, 8)) with { Lowest = 1, Highest = 1 },
    ];

    private static LayerCase Case(string name, MaxPool2d layer, Shape input) => new($"indices, {name}", layer with { ReturnIndices = true }, (x, _) => PoolingOracle.Slide(layer, x[0], (taps, _, n, c) =>
    {
        if (taps.Count == 0)
            return -1;
        double largest = PoolingOracle.Max(taps, taps.Count, n, c);
        var winner = taps.First(tap => tap.Value.Equals(largest));
        return (((((n * x[0].Shape.Channels) + c) * x[0].Shape.Height) + winner.H) * x[0].Shape.Width) + winner.W;
    }), 0, input) { Output = 1 };

    [Fact]
    public void Gather_by_the_indices_gives_the_maxima()
    {
        var builder = new GraphBuilder();
        var x = builder.Input("x", new Shape(2, 3, 6, 7));
        var pooled = builder.Add(new MaxPool2d(3) { Stride = 2, ReturnIndices = true }, x);
        using var graph = builder.Build(pooled, builder.Add(new NodeOutput(1), pooled));
        using var network = new CpuNetwork(graph);
        using var input = new Tensor(new Shape(2, 3, 6, 7));
        var random = new Random(3);
        foreach (ref float value in input.Span)
            value = random.NextSingle();
        var outputs = network.Run(input);
        for (int i = 0; i < outputs[0].Shape.Count; i++)
            Assert.Equal(outputs[0].Span[i], input.Span[(int)outputs[1].Span[i]]);
    }

    [Fact]
    public void More_elements_than_float32_can_number_are_an_error()
    {
        var error = Assert.Throws<ShapeException>(() => new MaxPool2d(2) { Stride = 1, ReturnIndices = true }.InferShapes([new Shape(1, 2, 4096, 4096)]));
        Assert.Contains("16777216", error.Message, StringComparison.Ordinal);
    }
}
