namespace RealtimeCnn.Layers;

/// <summary>
/// Where <see cref="MaxPool2d"/> found each value: the index of the first largest element of the window in the whole input,
/// <c>y[n,c,oh,ow] = ((n·C + c)·H + h)·W + w</c>; −1 where a dilated window sees no element.
/// </summary>
/// <param name="Kernel">Extent of the window, in elements, each at least 1.</param>
/// <remarks>
/// Shapes: <c>[N, C, H, W] → [N, C, OH, OW]</c>. Indices are float32, so the input has at most 2^24 elements. Source: the second
/// output of ONNX MaxPool (storage order 0).
/// </remarks>
public sealed record MaxPool2dIndices(Size2d Kernel) : PoolingLayer(Kernel)
{
    private const int LargestExactInteger = 1 << 24;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var output = base.InferShape(inputs);
        if (inputs[0].Count > LargestExactInteger)
            throw new ShapeException($"input {inputs[0]} has {inputs[0].Count} elements; float32 numbers only {LargestExactInteger} exactly. Cut the batch or the picture into parts.");
        return output;
    }
}
