using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class GemPool2dCases
{
    private static readonly GemPool2d Wide = new(4) { Stride = 2 };

    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { 1, 3, 15, 17 }.Select(channels => Case($"p by channel, {channels} channels", new GemPool2d(2, channels) { Stride = 2 }, new Shape(1, channels, 6, 9))),
        Case("one p, zeros and negatives", new GemPool2d(3) { Stride = 2, Padding = 1 }, new Shape(2, 5, 7, 8)),
        Case("a NaN stays", new GemPool2d(2) { Stride = 1 }, new Shape(1, 5, 6, 7)) with { Input = (_, random) => random.Next(9) == 0 ? float.NaN : random.NextSingle() + 0.5f, Onnx = OnnxForm.SameOfNumbers, WithoutSlopes = "a NaN has none" },
        Case("only negatives", new GemPool2d(2) { Stride = 1 }, new Shape(1, 2, 4, 4)) with { Lowest = -2, Highest = -1 },
        Case("p = 1 is the mean", Wide, new Shape(1, 5, 8, 6)) with
        {
            Lowest = 0.1f, Highest = 1.1f, Parameter = (_, _) => 1, Tolerance = 2e-6,
            Oracle = (x, _) => PoolingOracle.Slide(Wide, x[0], PoolingOracle.Average), WithoutSlopes = "the mean knows no p",
        },
        // The mean of 16 elements raised to 1/1000 is at most 16^(1/1000) = 0.28 % below the largest.
        Case("p = 1000 is nearly the maximum", Wide, new Shape(1, 5, 8, 6)) with
        {
            Lowest = 0.1f, Highest = 1.1f, Parameter = (_, _) => 1000, Tolerance = 3e-3, Oracle = (x, _) => PoolingOracle.Slide(Wide, x[0], PoolingOracle.Max), WithoutSlopes = "the maximum knows no p",
        },
        Case("large p of large numbers", new GemPool2d(3) { Stride = 1 }, new Shape(1, 3, 5, 6)) with { Lowest = 900, Highest = 1000, Parameter = (_, _) => 90 },
    ];

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new GemPool2d(2, 3), [new Shape(1, 4, 4, 4)], "1 or 4"),
        new(new GemPool2d(2) { Epsilon = 0 }, [new Shape(1, 4, 4, 4)], "epsilon 0"),
    ];

    public static IEnumerable<RecordedCase> Recorded => [new("avg_pool2d of powers", new GemPool2d(2, 3) { Stride = 2 })];

    public static IEnumerable<VastCase> Vast => [new(new GemPool2d(1), 3)];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("retrieval", new GemPool2d(2), new Shape(1, 64, 28, 28)),
    ];

    private static LayerCase Case(string name, GemPool2d layer, Shape input) =>
        new(name, layer, (x, p) => PoolingOracle.Slide(layer, x[0], PoolingOracle.Gem(p[0], layer.Epsilon)), 5e-6, input)
        {
            Parameter = (_, random) => 1 + (4 * random.NextSingle()),
        };
}
