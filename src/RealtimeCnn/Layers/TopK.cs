namespace RealtimeCnn.Layers;

/// <summary>
/// The k largest elements along an axis, in descending order (or the k smallest, ascending), of equal ones the first; and as a second
/// output where along the axis they are, as numbers from 0.
/// </summary>
/// <param name="K">How many, from 1 to the extent of the axis.</param>
/// <param name="Axis">The axis, negative from the end.</param>
/// <remarks>Shapes: <c>[a…, N, b…] → [a…, K, b…]</c>, twice. A NaN is larger than any number. Source: ONNX TopK.</remarks>
public sealed record TopK(int K, int Axis = -1) : Layer
{
    /// <summary>Whether the largest are meant, or the smallest.</summary>
    public bool Largest { get; init; } = true;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        int axis = AxisIndex.Resolve(Axis, x.Rank);
        return K >= 1 && K <= x[axis] ? x.With(axis, K) : throw new ShapeException($"k = {K} must lie in [1, {x[axis]}], the extent of axis {axis} of {x}.");
    }

    /// <inheritdoc/>
    public override Shape[] InferShapes(ReadOnlySpan<Shape> inputs)
    {
        var output = InferShape(inputs);
        return [output, output];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => Cost.Product(inputs[0].Count, Cost.Depth(K) + 1);
}
