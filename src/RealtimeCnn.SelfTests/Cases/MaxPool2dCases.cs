using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class MaxPool2dCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { 1, 3, 4, 15, 17, 33 }.Select(channels => Case($"{channels} channels", new MaxPool2d(2) { Stride = 2 }, new Shape(1, channels, 6, 9))),
        Case("overlapping, padded", new MaxPool2d(3) { Stride = 2, Padding = 1 }, new Shape(2, 5, 7, 8)),
        Case("all negative beside padding", new MaxPool2d(3) { Stride = 1, Padding = 1 }, new Shape(1, 3, 4, 4)) with { Lowest = -3, Highest = -2 },
        Case("few channels in rows", new MaxPool2d(2), new Shape(2, 6, 4, 28)),
        Case("few channels in rows, odd sizes", new MaxPool2d(2), new Shape(2, 3, 5, 19)),
        Case("a NaN wins in rows", new MaxPool2d(2), new Shape(1, 2, 6, 18)) with { Input = (_, random) => random.Next(9) == 0 ? float.NaN : random.NextSingle() + 0.5f, WithoutSlopes = "a NaN has none" },
        Case("asymmetric", new MaxPool2d(new Size2d(3, 2)) { Stride = 1, Padding = new Padding2d(2, 0, 1, 1) }, new Shape(1, 2, 4, 5)),
        Case("stride above kernel", new MaxPool2d(2) { Stride = 3 }, new Shape(1, 2, 8, 11)),
        Case("dilated", new MaxPool2d(2) { Stride = 1, Dilation = 3 }, new Shape(1, 2, 7, 5)),
        Case("dilated windows that see no element", new MaxPool2d(2) { Stride = 1, Dilation = 6, Padding = 3 }, new Shape(1, 3, 2, 9)) with { WithoutSlopes = "the largest of nothing is −∞" },
        Case("ceil mode", new MaxPool2d(3) { Stride = 2, CeilMode = true }, new Shape(1, 6, 6, 8)),
        Case("ceil mode, where a further window would start behind the end", new MaxPool2d(2) { Stride = 3, CeilMode = true }, new Shape(1, 3, 6, 9)),
        Case("window as large as the input", new MaxPool2d(new Size2d(5, 3)) { Stride = 1 }, new Shape(1, 6, 5, 3)),
        Case("a row of several buffers", new MaxPool2d(3) { Stride = 2, Padding = 1 }, new Shape(1, 2, 4, 301)),
        Case("a NaN wins", new MaxPool2d(2) { Stride = 1 }, new Shape(1, 5, 6, 7)) with { Input = (_, random) => random.Next(9) == 0 ? float.NaN : random.NextSingle() + 0.5f, WithoutSlopes = "a NaN has none" },
        Case("beside indices", new MaxPool2d(3) { Stride = 2, Padding = 1, ReturnIndices = true }, new Shape(2, 17, 7, 8)),
        Case("a NaN beside indices", new MaxPool2d(2) { Stride = 1, ReturnIndices = true }, new Shape(1, 5, 6, 7)) with { Input = (_, random) => random.Next(9) == 0 ? float.NaN : random.NextSingle() + 0.5f },
        Case("same upper", new MaxPool2d(3) { Stride = 2, Padding = Padding2d.SameUpper }, new Shape(1, 6, 8, 7)),
    ];

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new MaxPool2d(2) { Stride = 1, Padding = 2 }, [new Shape(1, 1, 4, 4)], "smaller than the window"),
        new(new MaxPool2d(2) { Stride = 1, ReturnIndices = true }, [new Shape(1, 2, 4096, 4096)], "16777216"),
    ];

    public static IEnumerable<RecordedCase> Recorded =>
    [
        new("max_pool2d", new MaxPool2d(new Size2d(3, 2)) { Stride = 2, Padding = 1, Dilation = new Size2d(1, 2), CeilMode = true }),
        new("max_pool2d, indices", new MaxPool2d(3) { Stride = 2, Padding = 1, ReturnIndices = true }) { Output = 1 },
    ];

    public static IEnumerable<VastCase> Vast => [new(new MaxPool2d(3) { Stride = 1, Padding = 1 }, 3)];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("ResNet", new MaxPool2d(3) { Stride = 2, Padding = 1 }, new Shape(1, 64, 112, 112)),
        LayerCase.Realistic("VGG", new MaxPool2d(2), new Shape(1, 64, 224, 224)),
        LayerCase.Realistic("GoogLeNet, in a branch", new MaxPool2d(3) { Stride = 1, Padding = 1 }, new Shape(1, 192, 28, 28)),
    ];

    private static LayerCase Case(string name, MaxPool2d layer, Shape input) =>
        new(name, layer, (x, _) => PoolingOracle.Slide(layer, x[0], PoolingOracle.Max), 0, input);
}
