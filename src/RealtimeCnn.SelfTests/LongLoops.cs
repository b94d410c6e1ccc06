using RealtimeCnn.Layers;

namespace RealtimeCnn.SelfTests;

/// <summary>
/// Sums, maxima and searches so long that a driver may end their loops early (<see cref="OpenGL.Kernels.Lanes"/>), in every shader that has
/// such a loop and with every number of lanes that share one.
/// </summary>
internal static class LongLoops
{
    // Choices are exact; sums of a hundred thousand terms and more come in whichever order; exp and pow have errors of their own.
    private const double Exact = 0, LongSum = 1e-4, Exponential = 2e-5;

    private static readonly Shape Hundred = new(1, 5, 140, 150), Thousand = new(1, 5, 301, 310);

    public static IReadOnlyList<LayerCase> Cases { get; } =
        [.. Convolutions().Concat(Poolings()).Concat(Rows()).Select(one => one with { Name = $"{one.Name}, long" })];

    private static IEnumerable<LayerCase> Convolutions() =>
    [
        Of("rows", LongSum, new Conv2d(2, 3, new Size2d(300, 299)) { Activation = Activation.Relu }, new Shape(1, 2, 301, 300)),
        Of("columns", LongSum, new Conv2d(2, 3, new Size2d(2, 40_000)), new Shape(1, 2, 2, 40_001)),
        Of("channels", LongSum, new PointwiseConv2d(280_000, 3), new Shape(1, 280_000, 1, 2)),
        Of("channels of a tile", LongSum, new PointwiseConv2d(110_000, 3), new Shape(1, 110_000, 2, 2)),
        Of("channels of a group", LongSum, new PointwiseConv2d(8_000, 32), new Shape(1, 8_000, 8, 25)),
        Of("channels of a group's parts", LongSum, new PointwiseConv2d(20_000, 32), new Shape(1, 20_000, 8, 8)),
        Of("Winograd's channels", LongSum, new Conv2d(1000, 64, 3) { Padding = 1 }, new Shape(1, 1000, 16, 16)),
        Of("window of a tile", LongSum, new Conv2d(2, 3, 130), new Shape(1, 2, 131, 131)),
        Of("channels of a row", LongSum, new Conv2d(8000, 5, 3) { Padding = 1 }, new Shape(1, 8000, 8, 14)),
        Of("groups", LongSum, new Conv2d(2, 4, 150) { Groups = 2 }, new Shape(1, 2, 151, 150)),
        Of("", LongSum, new DepthwiseConv2d(3, 260), new Shape(1, 3, 261, 260)),
        Of("", LongSum, new ConvTranspose2d(2, 3, 260) { Padding = 129 }, new Shape(1, 2, 3, 3)),
        Of("groups", LongSum, new ConvTranspose2d(2, 4, 150) { Groups = 2, Padding = 74 }, new Shape(1, 2, 3, 3)),
        Of("", LongSum, new LocallyConnected2d(2, 3, 260, new Size2d(261, 260)), new Shape(1, 2, 261, 260)),
        Of("a group", LongSum, new Linear(300_001, 5), new Shape(2, 300_001)),
        Of("a wide group", LongSum, new Linear(1_100_003, 2), new Shape(1, 1_100_003)),
    ];

    private static IEnumerable<LayerCase> Poolings() =>
    [
        .. Sizes(Exact, new GlobalMaxPool()),
        .. Sizes(LongSum, new GlobalAveragePool()),
        .. Sizes(LongSum, new GlobalLpPool()),
        .. Sizes(LongSum, new GlobalGemPool(5)).Select(one => one with { Lowest = 0.1f }),
        Second("indices, a group", Exact, new MaxPool2d(130) { Stride = 1, ReturnIndices = true }, Hundred) with { Quantum = 0.25f },
        Second("indices, a wide group", Exact, new MaxPool2d(new Size2d(300, 299)) { Stride = 1, ReturnIndices = true }, Thousand) with { Quantum = 0.25f },
        Second("indices, a column", Exact, new MaxPool2d(new Size2d(270_000, 1)) { Stride = 1, ReturnIndices = true }, new Shape(1, 1, 270_000, 2)) with { Quantum = 0.25f },
        Of("a group", LongSum, new WeightedAveragePool2d(130, 30) { Stride = 1 }, Hundred),
        Of("a wide group", LongSum, new WeightedAveragePool2d(520, 90) { Stride = 1 }, new Shape(1, 1, 520, 521)),
    ];

    private static IEnumerable<LayerCase> Rows() =>
    [
        Of("a group", LongSum, new InstanceNorm2d(5), Hundred),
        Of("a wide group", LongSum, new InstanceNorm2d(5), Thousand),
        Of("a group", LongSum, new LayerNorm(new Shape(22_001)), new Shape(2, 22_001)),
        Of("a wide group", LongSum, new LayerNorm(new Shape(90_001)), new Shape(2, 90_001)),
        Of("a group", Exponential, new Lrn(13_200), new Shape(1, 13_300, 1, 1)),
        Of("a group", LongSum, new Softmax(1), new Shape(2, 22_001, 2)),
        Of("a wide group", LongSum, new LogSoftmax(-1), new Shape(2, 90_001)),
        .. Enum.GetValues<ReduceFunction>().Where(function => function != ReduceFunction.Product).SelectMany(function => (LayerCase[])
        [
            Of($"{function}, a group", LongSum, new Reduce(function, 0, 2), new Shape(70, 3, 99)) with { Lowest = 0.1f, Highest = 2 },
            Of($"{function}, a wide group", LongSum, new Reduce(function, 1), new Shape(2, 140_001)) with { Lowest = 0.1f, Highest = 2 },
        ]),
        // A product of many numbers stays a number only where they are near 1, and then each rounding counts.
        Of("Product", 0.02, new Reduce(ReduceFunction.Product, 1), new Shape(2, 140_001)) with { Lowest = 0.9999f, Highest = 1.00008f },
        Of("a group", LongSum, new MatMul(), new Shape(2, 5, 20_001), new Shape(20_001, 3)),
        Of("a wide group", LongSum, new MatMul(), new Shape(1, 70_001), new Shape(70_001, 3)),
        Of("a group", Exact, new Maxout(20_001), new Shape(1, 40_002, 1, 2)),
        Of("a wide group", Exact, new Maxout(70_001), new Shape(1, 140_002, 1, 1)),
        Of("a group", Exact, new ArgMax(1), new Shape(2, 20_001, 2)) with { Quantum = 0.001f },
        Of("a wide group", Exact, new ArgMin(1) { SelectLast = true }, new Shape(2, 70_001)) with { Quantum = 0.001f },
        Of("a group", Exact, new TopK(7), new Shape(1, 17_001)) with { Quantum = 0.001f },
        Second("indices, a group", Exact, new TopK(7), new Shape(1, 17_001)) with { Quantum = 0.001f },
        Of("", LongSum, new CumSum(1) { Exclusive = true }, new Shape(1, 130_001, 2)) with { Lowest = 0.1f },
        Of("backwards", LongSum, new CumSum(1) { Reverse = true }, new Shape(2, 130_001)) with { Lowest = 0.1f },
    ];

    private static LayerCase[] Sizes(double tolerance, Layer layer) =>
        [Of("a group", tolerance, layer, Hundred), Of("a wide group", tolerance, layer, new Shape(1, 5, 520, 510))];

    /// <summary>The second output of a layer.</summary>
    private static LayerCase Second(string name, double tolerance, Layer layer, params Shape[] inputs) => Of(name, tolerance, layer, inputs) with { Output = 1 };

    private static LayerCase Of(string name, double tolerance, Layer layer, params Shape[] inputs) => new(name, layer, null, tolerance, inputs);
}
