namespace RealtimeCnn.Layers;

/// <summary>
/// A convolution whose window is one pixel: each output channel is a weighted sum of the input channels at the same place,
/// <c>y[n,oc,h,w] = f(bias[oc] + Σ over ic of weight[oc,ic] · x[n,ic,h,w])</c>.
/// </summary>
/// <param name="InChannels">Channels of the input, at least 1.</param>
/// <param name="OutChannels">Channels of the output, at least 1.</param>
/// <remarks>
/// Shapes: x <c>[N, IC, H, W]</c>, weight <c>[OC, IC, 1, 1]</c>, bias <c>[OC]</c> → <c>[N, OC, H, W]</c>; with a stride, every
/// stride-th pixel. Source: Lin et al. 2013, "Network In Network", arXiv:1312.4400; Howard et al. 2017, "MobileNets",
/// arXiv:1704.04861, section 3.1; ONNX Conv with a 1×1 kernel.
/// </remarks>
public sealed record PointwiseConv2d(int InChannels, int OutChannels) : ConvolutionLayer(InChannels, OutChannels, new Size2d(1, 1))
{
    /// <inheritdoc/>
    public override int GroupCount => 1;
}
