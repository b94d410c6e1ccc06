using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The blocks that networks of separable convolutions are made of: which nodes <see cref="SeparableBlockKernel"/> computes together, and
/// for which shapes that takes less time than one after the other. All end with a depthwise convolution and the pointwise one that reads it.
/// </summary>
internal static class SeparableBlock
{
    /// <summary>Bytes of the value behind an expansion from which on it leaves the second cache between its writer and its reader.</summary>
    private const long FarBytes = 3 << 18;

    /// <summary>The same where the expansion is a separable convolution, which by itself would compute no row twice for another thread.</summary>
    private const long FarBytesOfPair = 1 << 21;

    /// <summary>A depthwise convolution and the pointwise one that reads it.</summary>
    public static IReadOnlyList<Node>? Separable(Node project) =>
        IsPointwise(project.Layer) && project.Inputs is [{ Layer: DepthwiseConv2d { Multiplier: 1, AddsResidual: false } } depthwise, ..] ? [depthwise, project] : null;

    /// <summary>The same behind a pointwise convolution, in mobile networks to many more channels, which is not a separable one itself.</summary>
    public static IReadOnlyList<Node>? InvertedResidual(Node project) => Expanded(project) is [var expand, ..] block && Separable(expand) == null ? block : null;

    /// <summary>Two separable convolutions, one behind the other.</summary>
    public static IReadOnlyList<Node>? Pair(Node project) => Expanded(project) is [var expand, ..] block && Separable(expand) is [var lead, _] ? [lead, .. block] : null;

    /// <summary>Whether the weights that each strip reads again are fewer than the values that are not written and read again.</summary>
    public static bool SeparablePays(ConvolutionLayer project, LayerCall call) => project.OutChannels <= call.Output.Shape.Area;

    /// <summary>Whether the wide value is so large that it would be written to memory and read again.</summary>
    public static bool InvertedResidualPays(ConvolutionLayer project, LayerCall call) => WideBytes(call) >= FarBytes;

    /// <inheritdoc cref="InvertedResidualPays"/>
    public static bool PairPays(ConvolutionLayer project, LayerCall call) => WideBytes(call) >= FarBytesOfPair;

    /// <summary>Bytes, for one picture, of what the last depthwise convolution reads.</summary>
    private static long WideBytes(LayerCall call)
    {
        var wide = call.Input.Shape;
        foreach (var node in call.Nodes.SkipLast(2))
            wide = node.Layer.InferShape([wide]);
        return (long)wide.Count / wide.Batch * sizeof(float);
    }

    private static IReadOnlyList<Node>? Expanded(Node project) =>
        Separable(project) is [{ Inputs: [{ Layer: ConvolutionLayer { AddsResidual: false } } expand] }, ..] pair && IsPointwise(expand.Layer) ? [expand, .. pair] : null;

    public static bool IsPointwise(Layer layer) =>
        layer is ConvolutionLayer { GroupCount: 1 } convolution && convolution.Kernel == 1 && convolution.Stride == 1 && convolution.Padding.IsNone;
}
