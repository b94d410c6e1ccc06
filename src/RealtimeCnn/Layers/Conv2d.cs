namespace RealtimeCnn.Layers;

/// <summary>
/// Two-dimensional convolution, dense or in groups: <inheritdoc cref="ConvolutionLayer" path="/summary"/>
/// </summary>
/// <param name="InChannels">Channels of the input, a multiple of <see cref="Groups"/>.</param>
/// <param name="OutChannels">Channels of the output, a multiple of <see cref="Groups"/>.</param>
/// <param name="Kernel">Extent of the window, in elements, each at least 1.</param>
/// <remarks>
/// Shapes: x <c>[N, IC, H, W]</c>, weight <c>[OC, IC / Groups, KH, KW]</c>, bias <c>[OC]</c> → <c>[N, OC, OH, OW]</c> with OH and
/// OW by <see cref="Window.Count"/>. Source: LeCun et al. 1998, "Gradient-Based Learning Applied to Document Recognition",
/// section II; ONNX Conv.
/// </remarks>
public sealed record Conv2d(int InChannels, int OutChannels, Size2d Kernel) : ConvolutionLayer(InChannels, OutChannels, Kernel)
{
    /// <summary>Groups of channels that are convolved apart from each other, at least 1.</summary>
    public int Groups { get; init; } = 1;

    /// <inheritdoc/>
    public override int GroupCount => Groups;
}
