namespace RealtimeCnn.Layers;

/// <summary>
/// The mean of each window: <c>y[n,c,oh,ow] = Σ over kh,kw of x[n,c, oh·SH − top + kh·DH, ow·SW − left + kw·DW] / count</c>.
/// Positions outside the input add nothing; whether they are counted says <see cref="CountIncludePad"/>.
/// </summary>
/// <param name="Kernel">Extent of the window, in elements, each at least 1.</param>
/// <remarks>
/// Shapes: <c>[N, C, H, W] → [N, C, OH, OW]</c> with OH and OW by <see cref="Window.Count"/>. What a window in ceil mode has
/// behind the padding is never counted. 0 where a dilated window sees no element. Source: LeCun et al. 1998, section II
/// (subsampling); ONNX AveragePool-19.
/// </remarks>
public sealed record AveragePool2d(Size2d Kernel) : PoolingLayer(Kernel)
{
    /// <summary>Whether the count is that of the window's elements inside the padded input (true) or inside the input (false).</summary>
    public bool CountIncludePad { get; init; } = true;
}
