using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class MaxPool2dIndicesCases
{
    public static IEnumerable<LayerCase> All =>
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
}
