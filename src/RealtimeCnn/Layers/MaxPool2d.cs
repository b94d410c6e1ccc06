namespace RealtimeCnn.Layers;

/// <summary>
/// Keeps the largest value of each window: <c>y[n,c,oh,ow] = max over kh,kw of x[n,c, oh·SH − top + kh·DH, ow·SW − left + kw·DW]</c>.
/// Padding never wins: a position outside the input is skipped, not counted as zero; −∞ where a dilated window sees no element.
/// </summary>
/// <param name="Kernel">Extent of the window, in elements, each at least 1.</param>
/// <remarks>Shapes: <c>[N, C, H, W] → [N, C, OH, OW]</c> with OH and OW by <see cref="Window.Count"/>. NaN wins. Source: ONNX MaxPool.</remarks>
public sealed record MaxPool2d(Size2d Kernel) : PoolingLayer(Kernel)
{
    private const int LargestExactInteger = 1 << 24;

    /// <summary>
    /// Whether a second output of the same shape says where each value was found: the index of the first largest element of the window
    /// in the whole input, <c>((n·C + c)·H + h)·W + w</c>; −1 where a dilated window sees no element. Indices are float32, so the input
    /// then has at most 2^24 elements.
    /// </summary>
    public bool ReturnIndices { get; init; }

    /// <inheritdoc/>
    public override Shape[] InferShapes(ReadOnlySpan<Shape> inputs)
    {
        var output = InferShape(inputs);
        if (!ReturnIndices)
            return [output];
        if (inputs[0].Count > LargestExactInteger)
            throw new ShapeException($"input {inputs[0]} has {inputs[0].Count} elements; float32 numbers only {LargestExactInteger} exactly. Cut the batch or the picture into parts.");
        return [output, output];
    }
}
