namespace RealtimeCnn.Layers;

/// <summary>Repeats axes of extent 1 as broadcasting does: the output has the common shape of the input and <see cref="Shape"/>.</summary>
/// <param name="Shape">The shape to broadcast with; its axes of extent 1 keep the input's extent.</param>
/// <exception cref="ShapeException">The shapes do not broadcast.</exception>
/// <remarks>Source: ONNX Expand.</remarks>
public sealed record Expand(Shape Shape) : StridedCopyLayer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => Broadcasting.Common(inputs[0], Shape);

    internal override StridedView View(Shape input, Shape output)
    {
        int missing = output.Rank - input.Rank;
        return new StridedView(new int[input.Rank], [.. Enumerable.Range(0, output.Rank).Select(axis =>
            new Digit(axis, output[axis], Math.Max(axis - missing, 0), axis < missing || input[axis - missing] == 1 ? 0 : 1))]);
    }
}
