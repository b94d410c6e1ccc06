using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs;

/// <summary>
/// The layers that models are written with, as methods of what comes before them. Kernels, strides and paddings are in elements;
/// a name is that of the node within its block, null for the type's name and a number.
/// </summary>
public static class SymbolicLayers
{
    /// <summary><see cref="Layers.Conv2d"/> of all channels of <paramref name="x"/>.</summary>
    public static SymbolicTensor Conv2d(
        this SymbolicTensor x, int channels, Size2d kernel, Size2d? stride = null, Padding2d padding = default, Size2d? dilation = null, int groups = 1, bool bias = true, string? name = null) =>
        x.Then(new Conv2d(x.Channels, channels, kernel) { Stride = stride ?? 1, Padding = padding, Dilation = dilation ?? 1, Groups = groups, HasBias = bias }, name);

    /// <summary><see cref="Layers.PointwiseConv2d"/>: a 1×1 convolution.</summary>
    public static SymbolicTensor PointwiseConv2d(this SymbolicTensor x, int channels, Size2d? stride = null, bool bias = true, string? name = null) =>
        x.Then(new PointwiseConv2d(x.Channels, channels) { Stride = stride ?? 1, HasBias = bias }, name);

    /// <summary><see cref="Layers.DepthwiseConv2d"/>: each channel with filters of its own.</summary>
    public static SymbolicTensor DepthwiseConv2d(
        this SymbolicTensor x, Size2d kernel, Size2d? stride = null, Padding2d padding = default, int multiplier = 1, bool bias = true, string? name = null) =>
        x.Then(new DepthwiseConv2d(x.Channels, kernel, multiplier) { Stride = stride ?? 1, Padding = padding, HasBias = bias }, name);

    /// <summary><see cref="Layers.BatchNorm2d"/> with the running statistics.</summary>
    public static SymbolicTensor BatchNorm2d(this SymbolicTensor x, float epsilon = 1e-5f, float momentum = 0.1f, string? name = null) =>
        x.Then(new BatchNorm2d(x.Channels) { Epsilon = epsilon, Momentum = momentum }, name);

    /// <summary><see cref="Layers.Linear"/> of all features of <paramref name="x"/>, which is <c>[N, features]</c>.</summary>
    public static SymbolicTensor Linear(this SymbolicTensor x, int features, bool bias = true, string? name = null) =>
        x.Then(new Linear(x.Channels, features) { HasBias = bias }, name);

    /// <summary><see cref="Layers.Relu"/>.</summary>
    public static SymbolicTensor Relu(this SymbolicTensor x, string? name = null) => x.Then(new Relu(), name);

    /// <summary><see cref="Layers.Relu6"/>.</summary>
    public static SymbolicTensor Relu6(this SymbolicTensor x, string? name = null) => x.Then(new Relu6(), name);

    /// <summary><see cref="Layers.HardSwish"/>.</summary>
    public static SymbolicTensor HardSwish(this SymbolicTensor x, string? name = null) => x.Then(new HardSwish(), name);

    /// <summary><see cref="Layers.HardSigmoid"/>.</summary>
    public static SymbolicTensor HardSigmoid(this SymbolicTensor x, string? name = null) => x.Then(new HardSigmoid(), name);

    /// <summary><see cref="Layers.Tanh"/>.</summary>
    public static SymbolicTensor Tanh(this SymbolicTensor x, string? name = null) => x.Then(new Tanh(), name);

    /// <summary><see cref="Layers.Softmax"/> along one axis.</summary>
    public static SymbolicTensor Softmax(this SymbolicTensor x, int axis = 1, string? name = null) => x.Then(new Softmax(axis), name);

    /// <summary><see cref="Layers.Dropout"/>; nothing at inference.</summary>
    public static SymbolicTensor Dropout(this SymbolicTensor x, float rate = 0.5f, string? name = null) => x.Then(new Dropout(rate), name);

    /// <summary><see cref="Layers.MaxPool2d"/>.</summary>
    public static SymbolicTensor MaxPool2d(this SymbolicTensor x, Size2d kernel, Size2d? stride = null, Padding2d padding = default, bool ceil = false, string? name = null) =>
        x.Then(new MaxPool2d(kernel) { Stride = stride ?? kernel, Padding = padding, CeilMode = ceil }, name);

    /// <summary><see cref="Layers.AveragePool2d"/>.</summary>
    public static SymbolicTensor AveragePool2d(this SymbolicTensor x, Size2d kernel, Size2d? stride = null, Padding2d padding = default, bool ceil = false, string? name = null) =>
        x.Then(new AveragePool2d(kernel) { Stride = stride ?? kernel, Padding = padding, CeilMode = ceil }, name);

    /// <summary><see cref="Layers.AdaptiveAveragePool2d"/>.</summary>
    public static SymbolicTensor AdaptiveAveragePool2d(this SymbolicTensor x, Size2d size, string? name = null) => x.Then(new AdaptiveAveragePool2d(size), name);

    /// <summary><see cref="Layers.GlobalAveragePool"/>.</summary>
    public static SymbolicTensor GlobalAveragePool(this SymbolicTensor x, string? name = null) => x.Then(new GlobalAveragePool(), name);

    /// <summary><see cref="Layers.Flatten"/>: everything behind the batch becomes one axis.</summary>
    public static SymbolicTensor Flatten(this SymbolicTensor x, string? name = null) => x.Then(new Flatten(), name);

    /// <summary><see cref="Layers.Add"/>: a residual connection.</summary>
    public static SymbolicTensor Add(this SymbolicTensor x, SymbolicTensor other, string? name = null) => x.Then(new Add(), [other], name);

    /// <summary><see cref="Layers.Multiply"/>, with broadcasting: a gate.</summary>
    public static SymbolicTensor Multiply(this SymbolicTensor x, SymbolicTensor other, string? name = null) => x.Then(new Multiply(), [other], name);

    /// <summary><see cref="Layers.Concat"/> of the channels of several values.</summary>
    public static SymbolicTensor Concat(this SymbolicTensor x, ReadOnlySpan<SymbolicTensor> others, string? name = null) => x.Then(new Concat(1), others, name);

    /// <summary><see cref="Layers.Slice"/> of consecutive channels.</summary>
    public static SymbolicTensor SliceChannels(this SymbolicTensor x, int first, int count, string? name = null) =>
        x.Then(new Slice(new AxisRange(1, first, first + count)), name);

    /// <summary><see cref="Layers.Split"/> of an axis into consecutive parts.</summary>
    public static IReadOnlyList<SymbolicTensor> Split(this SymbolicTensor x, int axis, ReadOnlySpan<int> lengths, string? name = null) => x.ThenAll(new Split(axis, [.. lengths]), name);

    /// <summary><see cref="Layers.ChannelShuffle"/> of groups of channels.</summary>
    public static SymbolicTensor ChannelShuffle(this SymbolicTensor x, int groups, string? name = null) => x.Then(new ChannelShuffle(groups), name);
}
