using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using static RealtimeCnn.OpenGL.SelfTests.KernelCase;

namespace RealtimeCnn.OpenGL.SelfTests;

/// <summary>What a driver has to prove: every shader in <c>shaders/layers</c>, at sizes that do not suit work groups or blocks of four.</summary>
internal static class KernelCases
{
    private static readonly Shape Picture = new(2, 7, 9, 11), Blocks = new(2, 8, 5, 6), Vector = new(37);

    public static IReadOnlyList<KernelCase> All { get; } =
        [.. Convolutions(), .. Tiles(), .. Poolings(), .. Normalizations(), .. Activations(), .. Unaries(), .. Binaries(), .. Moves(), .. Axes(), .. Networks(), .. LongLoops.Cases];

    private static IEnumerable<KernelCase> Convolutions() =>
    [
        Of("3×3", Arithmetic, new Conv2d(7, 10, 3) { Padding = 1, Activation = Activation.Relu }, Picture),
        Of("stride 2, dilated, unequal sides", Arithmetic, new Conv2d(7, 5, new Size2d(3, 2)) { Stride = 2, Dilation = 2, Padding = new Padding2d(2, 0, 1, 3) }, Picture),
        Of("replicate", Arithmetic, new Conv2d(7, 5, 3) { Padding = 2, PaddingMode = PaddingMode.Replicate }, Picture),
        Of("reflect", Arithmetic, new Conv2d(7, 5, 3) { Padding = 2, PaddingMode = PaddingMode.Reflect }, Picture),
        Of("residual", Arithmetic, new Conv2d(7, 9, 3) { Padding = 1, AddsResidual = true, Activation = Activation.Relu6 }, Picture, new Shape(2, 9, 9, 11)),
        Of("groups inside a block", Arithmetic, new Conv2d(6, 9, 3) { Groups = 3, Padding = 1 }, new Shape(1, 6, 5, 6)),
        Of("groups of whole blocks", Arithmetic, new Conv2d(16, 16, 3) { Groups = 2 }, new Shape(1, 16, 5, 6)),
        Of("", Arithmetic, new PointwiseConv2d(7, 18), Picture),
        Of("", Arithmetic, new DepthwiseConv2d(7, 3) { Padding = 1 }, Picture),
        Of("multiplier 2", Arithmetic, new DepthwiseConv2d(7, 3, 2) { Padding = 1 }, Picture),
        Of("", Arithmetic, new ConvTranspose2d(7, 5, 3) { Stride = 2, Padding = 1, OutputPadding = 1 }, Picture),
        Of("groups", Arithmetic, new ConvTranspose2d(6, 9, 3) { Groups = 3, Stride = 2 }, new Shape(1, 6, 3, 4)),
        Of("", Arithmetic, new LocallyConnected2d(7, 5, 3, new Size2d(9, 11)) { Padding = 1 }, Picture),
        Of("", Arithmetic, new Linear(130, 35), new Shape(3, 130)),
        Of("few outputs", Arithmetic, new Linear(1030, 3), new Shape(1, 1030)),
    ];

    // Each number of blocks that a tile may have, on planes of few and of more pixels, without and with what lies over the border.
    private static IEnumerable<KernelCase> Tiles()
    {
        var small = new Shape(1, 6, 5, 6);
        foreach (int channels in new[] { 4, 8, 12, 16 })
        {
            yield return Of($"to {channels}, few pixels", Arithmetic, new PointwiseConv2d(6, channels), small);
            yield return Of($"to {channels}", Arithmetic, new PointwiseConv2d(7, channels) { Activation = Activation.Relu6 }, Picture);
            yield return Of($"1×3 to {channels}", Arithmetic, new Conv2d(7, channels, new Size2d(1, 3)) { Padding = new Padding2d(0, 1, 0, 1), Activation = Activation.Relu }, Picture);
        }

        foreach (int stride in new[] { 1, 2 })
        {
            foreach (int kernel in new[] { 3, 5 })
            {
                var layer = new DepthwiseConv2d(6, kernel) { Padding = kernel / 2, Stride = stride, Activation = Activation.Relu6 };
                yield return Of($"{kernel}×{kernel}, stride {stride}", Arithmetic, layer, new Shape(2, 6, 21, 22));
                yield return Of($"{kernel}×{kernel}, stride {stride}, a multiple of 7 wide", Arithmetic, layer, new Shape(1, 6, 9, 7 * stride));
            }
        }

        yield return Of("residual", Arithmetic, new DepthwiseConv2d(6, 3) { Padding = 1, AddsResidual = true }, small, small);
    }

    private static IEnumerable<KernelCase> Poolings() =>
    [
        Of("", Exact, new MaxPool2d(3) { Stride = 2, Padding = 1, CeilMode = true }, Picture),
        Second("indices", Exact, new MaxPool2d(2) { Stride = 2, ReturnIndices = true }, Picture) with { Quantum = 0.25f },
        Of("", Arithmetic, new AveragePool2d(3) { Stride = 2, Padding = 1 }, Picture),
        Of("", Arithmetic, new WeightedAveragePool2d(3, 0.8f) { Stride = 2, Padding = 1 }, Picture),
        Of("", Exponential, new LpPool2d(2, 3) { Stride = 2 }, Picture),
        Of("", Exponential, new GemPool2d(2, 7) { Stride = 2 }, Picture) with { Lowest = 0.1f },
        Of("", Arithmetic, new GlobalAveragePool(), Picture),
        Of("", Exact, new GlobalMaxPool(), Picture),
        Of("", Arithmetic, new GlobalLpPool(), Picture),
        Of("", Exponential, new GlobalGemPool(7), Picture) with { Lowest = 0.1f },
        Of("", Arithmetic, new AdaptiveAveragePool2d(new Size2d(4, 3)), Picture),
        Of("", Exact, new AdaptiveMaxPool2d(new Size2d(4, 3)), Picture),
    ];

    private static IEnumerable<KernelCase> Normalizations() =>
    [
        Of("", Arithmetic, new BatchNorm2d(7), Picture),
        Of("batch statistics", Arithmetic, new BatchNorm2d(7), Picture) with { Mode = RunMode.Training() },
        Of("", Arithmetic, new InstanceNorm2d(7), Picture),
        Of("", Arithmetic, new LayerNorm(new Shape(35)), new Shape(3, 35)),
        Of("", Arithmetic, new GroupNorm(3, 6), new Shape(2, 6, 5, 7)),
        Of("", Arithmetic, new InputNormalization(7, InputScale.Range), Picture),
        Of("measured", Arithmetic, new InputNormalization(7, InputScale.StandardDeviation) { IsMeasured = true }, Picture),
        Of("", Exponential, new Lrn(5) { Alpha = 2 }, Picture),
        Of("over channels", Exponential, new Softmax(), Picture),
        Of("over the last axis", Exponential, new Softmax(-1), new Shape(3, 35)),
        Of("", Exponential, new LogSoftmax(), Picture),
    ];

    private static IEnumerable<KernelCase> Activations()
    {
        ActivationLayer[] layers =
        [
            new Relu(), new Relu6(), new Clip(-0.5f, 2), new LeakyRelu(), new Elu(), new Selu(), new Celu(0.5f), new Sigmoid(), new Tanh(), new HardSigmoid(),
            new HardSwish(), new Silu(), new Mish(), new Gelu(), new Gelu(IsTanhForm: true), new Softplus(), new Softsign(), new ThresholdedRelu(),
        ];
        return
        [
            .. layers.Select(layer => Of($"{layer.Activation.Function}", Exponential, layer, Picture).Blocked() with { Lowest = -8, Highest = 8 }),
            Of("a vector", Exact, new Relu(), Vector),
            Of("", Arithmetic, new PRelu(new Shape(7, 1, 1)), Picture),
        ];
    }

    private static IEnumerable<KernelCase> Unaries()
    {
        (UnaryLayer Layer, float Lowest, float Highest, double Tolerance)[] functions =
        [
            (new Exp(), -3, 3, Exponential), (new Log(), 0.01f, 5, Exponential), (new Sqrt(), 0, 9, Arithmetic), (new Square(), -3, 3, Arithmetic),
            (new Abs(), -3, 3, Exact), (new Neg(), -3, 3, Exact), (new Reciprocal(), 0.5f, 3, Arithmetic), (new Floor(), -3, 3, Exact),
            (new Ceil(), -3, 3, Exact), (new Round(), -3, 3, Exact), (new Sign(), -3, 3, Exact), (new Erf(), -4, 4, Exponential),
            (new Sin(), -3, 3, Trigonometric), (new Cos(), -3, 3, Trigonometric), (new Tan(), -1.4f, 1.4f, Trigonometric),
            (new Asin(), -1, 1, Trigonometric), (new Acos(), -1, 1, Trigonometric), (new Atan(), -5, 5, Trigonometric),
            (new Sinh(), -3, 3, Exponential), (new Cosh(), -3, 3, Exponential), (new Asinh(), -5, 5, Exponential), (new Acosh(), 1, 5, Exponential),
            (new Atanh(), -0.95f, 0.95f, Exponential), (new LogicalNot(), -1, 1, Exact), (new IsNaN(), -1, 1, Exact), (new IsInfinity(), -1, 1, Exact),
        ];
        return functions.Select(f => Of("", f.Tolerance, f.Layer, Vector) with { Lowest = f.Lowest, Highest = f.Highest, Quantum = f.Tolerance == Exact ? 0.5f : 0 });
    }

    private static IEnumerable<KernelCase> Binaries()
    {
        BinaryLayer[] layers =
        [
            new Add(), new Subtract(), new Multiply(), new Divide(), new Pow(), new Min(), new Max(), new Remainder(), new TruncatedRemainder(), new Equal(),
            new Greater(), new GreaterOrEqual(), new Less(), new LessOrEqual(), new LogicalAnd(), new LogicalOr(), new LogicalXor(),
        ];
        return
        [
            // Quarters, whose quotients by quarters decide at the same place whichever way they are rounded.
            .. layers.Select(layer => Of("", layer is Pow ? Exponential : Arithmetic, layer, Blocks, Blocks).Blocked() with { Lowest = 0.25f, Highest = 3, Quantum = 0.25f }),
            .. layers.Take(1).Select(layer => Of("one for each channel", Arithmetic, layer, Picture, new Shape(7, 1, 1)).Blocked()),
            Of("broadcast", Arithmetic, new Multiply(), new Shape(3, 5, 7), new Shape(7)),
            Of("", Exact, new Where(), Picture, Picture, Picture) with { Lowest = 0, Quantum = 0.5f },
        ];
    }

    private static IEnumerable<KernelCase> Moves() =>
    [
        Of("whole blocks", Exact, new Concat(), Blocks, Blocks).Blocked(),
        Of("inside blocks", Exact, new Concat(), Picture, Picture).Blocked(),
        Of("rows", Exact, new Concat(2), Picture, Picture),
        Second("second part", Exact, new Split(1, 3, 4), Picture),
        Of("every third channel", Exact, new Slice(new AxisRange(1, 1, 7, 3)), Picture),
        Of("", Exact, new Transpose(0, 2, 3, 1), Picture),
        Of("", Exact, new ChannelShuffle(2), Blocks),
        Of("", Exact, new DepthToSpace(2), Blocks),
        Of("constant", Exact, Pad.Spatial(new Padding2d(1, 2, 0, 3)) with { Value = 0.5f }, Picture),
        Of("reflect, blocked", Exact, Pad.Spatial(new Padding2d(1, 2, 0, 3)) with { Mode = PadMode.Reflect }, Picture).Blocked(),
        Of("", Exact, new Maxout(2), Blocks),
        Of("training", Arithmetic, new Dropout(0.4f), Picture) with { Mode = RunMode.Training(seed: 7) },
        Of("", Exact, new Constant(Picture)),
        Of("nearest", Exact, new Resize2d(2, 3), Picture),
        Of("linear", Arithmetic, new Resize2d(new Size2d(5, 17)) { Mode = ResizeMode.Linear }, Picture),
    ];

    private static IEnumerable<KernelCase> Axes() =>
    [
        .. Enum.GetValues<ReduceFunction>().Select(function => Of($"{function}", Exponential, new Reduce(function, 2, 3), new Shape(2, 7, 3, 5)) with { Lowest = 0.1f, Highest = 2 }),
        Of("one axis in the middle", Arithmetic, new Reduce(ReduceFunction.Mean, 1), new Shape(3, 37, 5)),
        Of("", Arithmetic, new MatMul(), new Shape(2, 5, 37), new Shape(2, 37, 7)),
        Of("", Exact, new Gather(1), new Shape(3, 5, 7), new Shape(11)) with { Lowest = 0, Highest = 4, Quantum = 1 },
        Of("", Exact, new OneHot(7), new Shape(19)) with { Lowest = 0, Highest = 6, Quantum = 1 },
        Of("", Arithmetic, new CumSum(1), new Shape(3, 37)),
        Of("with equal ones", Exact, new ArgMax(1), new Shape(3, 37)) with { Quantum = 0.125f },
        Of("", Exact, new TopK(5), new Shape(3, 37)),
        Second("indices, with equal ones", Exact, new TopK(5), new Shape(3, 37)) with { Quantum = 0.125f },
    ];

    /// <summary>Several layers: memory used twice, and reads that have to wait for writes.</summary>
    private static IEnumerable<KernelCase> Networks() =>
    [
        new("Network with branches", Arithmetic, (builder, inputs) =>
        {
            var x = builder.Add(new Conv2d(3, 13, 3) { Stride = 2, Padding = 1 }, inputs[0]);
            var left = builder.Add(new DepthwiseConv2d(13, 3) { Padding = 1, Activation = Activation.Relu }, x);
            var right = builder.Add(new PointwiseConv2d(13, 13), x);
            x = builder.Add(new Concat(), [builder.Add(new Add(), [left, right]), x]);
            x = builder.Add(new MaxPool2d(2) { Stride = 2 }, builder.Add(new PointwiseConv2d(26, 21), x));
            return builder.Add(new Linear(21 * 4 * 6, 10), builder.Add(new Flatten(), x));
        }, new Shape(1, 3, 17, 23)),
    ];
}
