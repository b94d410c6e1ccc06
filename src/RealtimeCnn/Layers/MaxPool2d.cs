namespace RealtimeCnn.Layers;

/// <summary>
/// Keeps the largest value of each window: <c>y[n,c,oh,ow] = max over kh,kw of x[n,c, oh·SH − top + kh·DH, ow·SW − left + kw·DW]</c>.
/// Padding never wins: a position outside the input is skipped, not counted as zero; −∞ where a dilated window sees no element.
/// </summary>
/// <param name="Kernel">Extent of the window, in elements, each at least 1.</param>
/// <remarks>Shapes: <c>[N, C, H, W] → [N, C, OH, OW]</c> with OH and OW by <see cref="Window.Count"/>. NaN wins. Source: ONNX MaxPool.</remarks>
public sealed record MaxPool2d(Size2d Kernel) : PoolingLayer(Kernel);
