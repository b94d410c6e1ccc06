namespace RealtimeCnn.Layers;

/// <summary>Two axes of all: <c>[d0 … d(k−1), dk …] → [d0·…·d(k−1), dk·…]</c>, by default <c>[N, C, H, W] → [N, C·H·W]</c>. No copy.</summary>
/// <param name="Axis">k: the first axis of the second factor, from 0 to the rank; negative from the end.</param>
/// <exception cref="ShapeException">There is no such axis.</exception>
/// <remarks>Source: ONNX Flatten.</remarks>
public sealed record Flatten(int Axis = 1) : ReshapingLayer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        int axis = Axis == x.Rank ? Axis : AxisIndex.Resolve(Axis, x.Rank);
        return new Shape(x.Product(0, axis), x.Product(axis, x.Rank));
    }
}
