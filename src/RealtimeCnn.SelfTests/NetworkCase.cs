using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.SelfTests;

/// <summary>Several layers whose result on the GPU is compared with that on the CPU: what no layer alone shows.</summary>
/// <param name="Name">Unique; says what is special.</param>
/// <param name="Create">Makes the graph, of one input; the caller disposes it.</param>
internal sealed record NetworkCase(string Name, Func<Graph> Create)
{
    /// <summary>What it stores as halves.</summary>
    public HalfStorage Halves { get; init; }

    // Sums and products of float32 in whichever order: some hundred roundings of 6e-8. Of halves, of 5e-4.
    private const double Rounding = 5e-6, HalfRounding = 1e-2;

    /// <summary>Relative L2 that a driver's result keeps.</summary>
    public double Tolerance => Halves == HalfStorage.None ? Rounding : HalfRounding;

    /// <summary>The kind of device whose kernels compute it; null for the device's own.</summary>
    public ProfileKind? Kind { get; init; }

    public static IReadOnlyList<NetworkCase> All { get; } =
    [
        new("with branches", WithBranches),
        new("of few operations", () => OfFewOperations(builder => builder.Tanh().AveragePool2d(2, stride: 2))),
        new("of few operations, maxima", () => OfFewOperations(builder => builder.Relu().MaxPool2d(2, stride: 2))),
        new("of few operations, wide windows", () => OfFewOperations(builder => builder.MaxPool2d(3, stride: 3))),
        new("of inverted residuals", OfInvertedResiduals) { Kind = ProfileKind.Discrete },
        new("of separable convolutions", OfSeparableConvolutions) { Kind = ProfileKind.Discrete },
        new("of weights in halves", OfHalves) { Halves = HalfStorage.Weights, Forced = ["MaxPool2d/tile"] },
        new("of halves", OfHalves) { Halves = HalfStorage.All, Forced = ["MaxPool2d/tile"] },
        new("of norms of channels", OfChannelNorms),
        new("of pooled rows", OfPooledRows) { Kind = ProfileKind.Software, Forced = PooledRows },
        new("of pooled rows, one by one", OfPooledRows) { Kind = ProfileKind.Discrete, Forced = PooledRows },
        new("of pooled rows in halves", OfPooledRows) { Kind = ProfileKind.Software, Forced = PooledRows, Halves = HalfStorage.All },
        new("of pooled rows, wide windows", () => Of(new Shape(1, 3, 56, 48), x => x.Conv2d(11, 7, stride: 2, padding: 3).Then(new HardSwish()).Then(new MaxPool2d(3) { Stride = 2, Padding = 1 }))) { Kind = ProfileKind.Software, Forced = PooledRows },
        new("of pooled rows, means", () => Of(new Shape(2, 1, 30, 33), x => x.Conv2d(9, 5, padding: 2).Tanh().AveragePool2d(2, stride: 2))) { Kind = ProfileKind.Software, Forced = PooledRows },
        new("of pooled rows, apart", () => Of(new Shape(1, 2, 35, 40), x => x.Conv2d(6, 3).Relu6().AveragePool2d(3, stride: 3))) { Kind = ProfileKind.Software, Forced = PooledRows },
        new("of Winograd's tiles at once in halves", OfWinogradTiles)
            { Kind = ProfileKind.Software, Forced = ["ConvolutionLayer/winograd 4×4 fused"], Halves = HalfStorage.All },
        new("of filtered rows", OfFilteredRows) { Kind = ProfileKind.Software, Forced = FilteredRows },
        new("of filtered rows, one by one", () => Of(new Shape(2, 3, 30, 26), x => x.Conv2d(9, 3, stride: 2, padding: 1).Relu6().DepthwiseConv2d(3, padding: 1).Relu6().MaxPool2d(2, stride: 2).PointwiseConv2d(6).DepthwiseConv2d(5, stride: 2, padding: 2).Tanh())) { Kind = ProfileKind.Discrete, Forced = FilteredRows },
        new("of filtered rows in halves", OfFilteredRows) { Kind = ProfileKind.Software, Forced = FilteredRows, Halves = HalfStorage.All },
        new("of pooled rows, pointwise", () => Of(new Shape(1, 5, 31, 29), x => x.PointwiseConv2d(22).Relu().MaxPool2d(3, stride: 2))) { Kind = ProfileKind.Software, Forced = PooledRows },
        new("of pooled joins", OfPooledJoins) { Kind = ProfileKind.Software, Forced = PooledRows },
        new("of pooled joins, one by one", OfPooledJoins) { Kind = ProfileKind.Discrete, Forced = PooledRows },
        new("of pooled joins in halves", OfPooledJoins) { Kind = ProfileKind.Software, Forced = PooledRows, Halves = HalfStorage.All },
        new("of means", () => OfMeans(x => x.Relu())) { Kind = ProfileKind.Software, Forced = Means },
        new("of means, one by one", () => OfMeans(x => x.Relu())) { Kind = ProfileKind.Discrete, Forced = Means },
        new("of means in halves", () => OfMeans(x => x.HardSwish())) { Kind = ProfileKind.Software, Forced = Means, Halves = HalfStorage.All },
        new("of inverted residuals in halves", OfInvertedResiduals) { Kind = ProfileKind.Discrete, Halves = HalfStorage.All },
    ];

    /// <summary>Kernels to take wherever they fit, whether they pay or not.</summary>
    public IReadOnlyList<string> Forced { get; init; } = [];

    /// <summary>The kernels that compute it on a device.</summary>
    public KernelTable KernelsOn(GlDevice device) => (Kind is { } kind ? GpuKernels.For(DeviceProfile.Of(kind, device.Limits)) : device.Kernels).Forcing(Forced);

    /// <summary>Memory used twice, and reads that have to wait for writes.</summary>
    private static Graph WithBranches()
    {
        var builder = new GraphBuilder(seed: 3);
        var x = builder.Start(new Shape(1, 3, 17, 23)).Conv2d(13, 3, stride: 2, padding: 1);
        var both = x.DepthwiseConv2d(3, padding: 1).Relu().Add(x.PointwiseConv2d(13));
        return builder.Build(both.Concat([x]).PointwiseConv2d(21).MaxPool2d(2, stride: 2).Flatten().Linear(10));
    }

    /// <summary>Layers that one dispatch computes several of.</summary>
    private static Graph OfFewOperations(Func<SymbolicTensor, SymbolicTensor> pooled)
    {
        var builder = new GraphBuilder(seed: 5);
        var x = pooled(builder.Start(new Shape(2, 3, 29, 26)).Conv2d(6, 5, padding: 2));
        return WithBiases(builder.Build(pooled(x.Conv2d(9, 3)).Flatten().Linear(17).Tanh().Linear(10)));
    }

    /// <summary>What a graphics card computes in one dispatch each: narrow and wide channels, strides, windows of 3 and 5, residuals, and the end.</summary>
    private static Graph OfInvertedResiduals()
    {
        var builder = new GraphBuilder(seed: 6);
        var x = InvertedResidual(builder.Start(new Shape(1, 5, 41, 38)).Conv2d(9, 1).Relu6(), 22, 9, 3, 1);
        x = InvertedResidual(InvertedResidual(x, 40, 13, 3, 2), 60, 13, 5, 1);
        x = InvertedResidual(InvertedResidual(x, 33, 17, 5, 2), 31, 17, 3, 1);
        return WithBiases(builder.Build(x.PointwiseConv2d(70).Relu6().GlobalAveragePool().Flatten().Linear(37).Softmax().Then(new TopK(5))));
    }

    /// <summary>What is normalised between layers that take channels in blocks.</summary>
    private static Graph OfChannelNorms()
    {
        var builder = new GraphBuilder(seed: 10);
        var x = builder.Start(new Shape(2, 3, 13, 11)).Conv2d(24, 3).Then(new GroupNorm(3, 24)).Relu().PointwiseConv2d(18).Then(new Softmax(1));
        return WithBiases(builder.Build(x.PointwiseConv2d(7).Then(new GroupNorm(1, 7)).PointwiseConv2d(21).Then(new LogSoftmax(1)).PointwiseConv2d(5)));
    }

    private static string[] PooledRows => ["MaxPool2d/behind row tile", "AveragePool2d/behind row tile"];

    /// <summary>A picture as users give it, and what lies channel-blocked.</summary>
    private static Graph OfPooledRows() => Of(new Shape(1, 3, 61, 76), x => x.Conv2d(9, 3, stride: 2).Relu().MaxPool2d(3, stride: 2).Conv2d(7, 3, padding: 1).MaxPool2d(2, stride: 1));

    private static Graph OfWinogradTiles() => Of(new Shape(1, 9, 26, 31), x =>
    {
        var y = x.Conv2d(64, 3, padding: 1);
        return y.Conv2d(64, 3, padding: 1).Add(y).Conv2d(5, 3);
    });

    /// <summary>Parts of a join, each pooled where it is computed; of two pictures, so that what is pooled is copied together.</summary>
    private static Graph OfPooledJoins() => Of(new Shape(2, 6, 26, 25), x =>
    {
        var part = x.Conv2d(13, 3, padding: 1).Relu();
        return part.PointwiseConv2d(16).Relu().Concat([part.Conv2d(12, 3, padding: 1).Relu(), part.PointwiseConv2d(5).Relu6()]).MaxPool2d(3, stride: 2, ceil: true);
    });

    private static string[] Means => ["GlobalAveragePool/behind pointwise", "AdaptiveAveragePool2d/behind pointwise", "Reduce/behind pointwise"];

    /// <summary>Means of planes of 7×7 and of 4×4 pixels, of many channels and of few, and with a residual.</summary>
    private static Graph OfMeans(Func<SymbolicTensor, SymbolicTensor> activated) => Of(new Shape(2, 6, 9, 9), x =>
    {
        x = x.Conv2d(9, 3);
        var small = x.MaxPool2d(2, stride: 2, ceil: true).PointwiseConv2d(64);
        SymbolicTensor few = activated(x.PointwiseConv2d(30)).AdaptiveAveragePool2d(1), residual = small.PointwiseConv2d(64).Add(small).Then(new Reduce(ReduceFunction.Mean, 2, -1));
        return activated(x.PointwiseConv2d(128)).GlobalAveragePool().Concat([few, residual]).Flatten().Linear(7);
    });

    private static Graph Of(Shape input, Func<SymbolicTensor, SymbolicTensor> layers)
    {
        var builder = new GraphBuilder(seed: 9);
        return WithBiases(builder.Build(layers(builder.Start(input))));
    }

    private static string[] FilteredRows => ["DepthwiseConv2d/behind row tile"];

    /// <summary>Dense convolutions of one column and of several, windows of 3 and 5, both strides, one activation of both, of either, and none.</summary>
    private static Graph OfFilteredRows() => Of(new Shape(1, 3, 58, 56), x =>
    {
        x = x.Conv2d(30, 3, stride: 2, padding: 1).Relu6().DepthwiseConv2d(3, padding: 1).Relu6();
        x = x.PointwiseConv2d(22).Relu6().DepthwiseConv2d(3, stride: 2, padding: 1).Relu6().PointwiseConv2d(11);
        x = x.DepthwiseConv2d(5, padding: 2).PointwiseConv2d(13).Relu().DepthwiseConv2d(3, padding: 1);
        return x.PointwiseConv2d(18).DepthwiseConv2d(5, stride: 2, padding: 2).Then(new Silu()).PointwiseConv2d(7);
    });

    private static Graph OfSeparableConvolutions()
    {
        var builder = new GraphBuilder(seed: 7);
        var x = builder.Start(new Shape(2, 7, 29, 26)).Conv2d(18, 3, stride: 2, padding: 1).Relu();
        x = x.DepthwiseConv2d(3, padding: 1).Relu().PointwiseConv2d(30).Relu().DepthwiseConv2d(3, stride: 2, padding: 1).Then(new Silu()).PointwiseConv2d(67).Then(new Silu());
        return WithBiases(builder.Build(x.DepthwiseConv2d(5, padding: 2).PointwiseConv2d(67).Add(x).Flatten().Linear(11)));
    }

    /// <summary>Kernels that read and write halves, and a softmax, which does not.</summary>
    private static Graph OfHalves()
    {
        var builder = new GraphBuilder(seed: 8);
        var x = builder.Start(new Shape(1, 3, 58, 58)).Conv2d(64, 3, stride: 1, padding: 1).Relu().MaxPool2d(3, stride: 2, padding: 1);
        x = x.Conv2d(64, 3, padding: 1).Add(x).PointwiseConv2d(80);
        x = x.Conv2d(80, 3, padding: 1).Add(x).Conv2d(32, 3, padding: 2, dilation: 2).Relu().Softmax().DepthwiseConv2d(3, padding: 1).PointwiseConv2d(20);
        return WithBiases(builder.Build(x.AveragePool2d(2, stride: 2).GlobalAveragePool().Flatten().Linear(10)));
    }

    private static SymbolicTensor InvertedResidual(SymbolicTensor x, int wide, int channels, int kernel, int stride)
    {
        var y = x.PointwiseConv2d(wide).Relu6().DepthwiseConv2d(kernel, stride, padding: kernel / 2).Relu6().PointwiseConv2d(channels);
        return stride == 1 && x.Channels == channels ? y.Add(x) : y;
    }

    /// <summary>A new network's biases are zeros, which would hide that they are read from elsewhere.</summary>
    private static Graph WithBiases(Graph graph)
    {
        foreach (var bias in graph.Nodes.SelectMany(node => node.Parameters).Where(parameter => parameter.Shape.Rank == 1))
            bias.Write([.. Enumerable.Range(1, bias.Shape.Count).Select(i => MathF.Sin(i))]);
        return graph;
    }
}
