using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// A convolution in which every channel has filters of its own and sees no other channel:
/// <c>y[n, c·M + m, oh, ow] = f(bias[c·M + m] + Σ over kh,kw of weight[c·M + m, 0, kh, kw] · x[n, c, oh·SH − top + kh·DH, ow·SW − left + kw·DW])</c>.
/// </summary>
/// <param name="Channels">Channels of the input, at least 1.</param>
/// <param name="Kernel">Extent of the window, in elements, each at least 1.</param>
/// <param name="Multiplier">Filters for each channel (M), at least 1.</param>
/// <remarks>
/// Shapes: x <c>[N, C, H, W]</c>, weight <c>[C·M, 1, KH, KW]</c>, bias <c>[C·M]</c> → <c>[N, C·M, OH, OW]</c>. Source: Howard et
/// al. 2017, "MobileNets", arXiv:1704.04861, section 3.1; ONNX Conv with as many groups as channels.
/// </remarks>
public sealed record DepthwiseConv2d(int Channels, Size2d Kernel, int Multiplier = 1) : ConvolutionLayer(Channels, Channels * Multiplier, Kernel)
{
    /// <inheritdoc/>
    public override int GroupCount => Channels;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => Multiplier >= 1 && (long)Channels * Multiplier == OutChannels
        ? base.InferShape(inputs)
        : throw new ShapeException($"{Multiplier} filters for each of {Channels} channels are not possible: at least 1, and 2^31 − 1 output channels at most.");

    internal override CpuDispatch PlanCpu(LayerCall call) =>
        Multiplier == 1 ? DepthwiseKernel.Plan(this, call) : ConvolutionKernel.Plan(this, call);
}
