using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class LpPool2dCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { 1, 4, 15, 17 }.Select(channels => Case($"L2, {channels} channels", new LpPool2d(2) { Stride = 2 }, new Shape(1, channels, 6, 9))),
        .. new[] { 1, 1.5f, 2, 3, 7.25f }.Select(p => Case($"p {p}, padded", new LpPool2d(3, p) { Stride = 2, Padding = 1 }, new Shape(2, 5, 7, 8))),
        Case("large p of large numbers", new LpPool2d(3, 60) { Stride = 1 }, new Shape(1, 3, 5, 5)) with { Lowest = -3000, Highest = 3000 },
        Case("a NaN stays", new LpPool2d(2, 3) { Stride = 1 }, new Shape(1, 5, 6, 7)) with { Input = (_, random) => random.Next(9) == 0 ? float.NaN : random.NextSingle() + 0.5f, WithoutSlopes = "a NaN has none" },
        Case("all zero", new LpPool2d(2, 3) { Stride = 1 }, new Shape(1, 3, 4, 4)) with { Lowest = 0, Highest = 0, WithoutSlopes = "each element lies at the kink of |x|" },
        Case("ceil mode, asymmetric", new LpPool2d(new Size2d(3, 2), 3) { Stride = 2, CeilMode = true }, new Shape(1, 2, 6, 7)),
    ];

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new LpPool2d(2, 0.5f), [new Shape(1, 1, 4, 4)], "exponent"),
        new(new LpPool2d(2, float.NaN), [new Shape(1, 1, 4, 4)], "exponent"),
        new(new LpPool2d(2, float.PositiveInfinity), [new Shape(1, 1, 4, 4)], "exponent"),
    ];

    public static IEnumerable<RecordedCase> Recorded =>
    [
        new("lp_pool2d, 2", new LpPool2d(3) { Stride = 2 }),
        new("lp_pool2d, 3", new LpPool2d(new Size2d(2, 3), 3) { Stride = 1 }),
    ];

    public static IEnumerable<VastCase> Vast => [new(new LpPool2d(2) { Stride = 1, Padding = new Padding2d(1, 1, 0, 0) }, 3)];

    private static LayerCase Case(string name, LpPool2d layer, Shape input) =>
        new(name, layer, (x, _) => PoolingOracle.Slide(layer, x[0], PoolingOracle.Lp(layer.P)), 5e-6, input)
        {
            Onnx = layer.P == MathF.Round(layer.P) ? OnnxForm.Same : OnnxForm.None,
        };
}
