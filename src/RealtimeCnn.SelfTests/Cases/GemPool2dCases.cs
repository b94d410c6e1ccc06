using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class GemPool2dCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { 1, 3, 15, 17 }.Select(channels => Case($"p by channel, {channels} channels", new GemPool2d(2, channels) { Stride = 2 }, new Shape(1, channels, 6, 9))),
        Case("one p, zeros and negatives", new GemPool2d(3) { Stride = 2, Padding = 1 }, new Shape(2, 5, 7, 8)),
        Case("a NaN stays", new GemPool2d(2) { Stride = 1 }, new Shape(1, 5, 6, 7)) with { Input = (_, random) => random.Next(9) == 0 ? float.NaN : random.NextSingle() + 0.5f },
        Case("only negatives", new GemPool2d(2) { Stride = 1 }, new Shape(1, 2, 4, 4)) with { Lowest = -2, Highest = -1 },
        Case("large p of large numbers", new GemPool2d(3) { Stride = 1 }, new Shape(1, 3, 5, 6)) with { Lowest = 900, Highest = 1000, Parameter = (_, _) => 90 },
    ];

    private static LayerCase Case(string name, GemPool2d layer, Shape input) =>
        new(name, layer, (x, p) => PoolingOracle.Slide(layer, x[0], PoolingOracle.Gem(p[0], layer.Epsilon)), 5e-6, input)
        {
            Parameter = (_, random) => 1 + (4 * random.NextSingle()),
        };
}
