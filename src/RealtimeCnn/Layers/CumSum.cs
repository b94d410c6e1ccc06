namespace RealtimeCnn.Layers;

/// <summary>Running sums along an axis: <c>y[…, i, …] = Σ over j up to i of x[…, j, …]</c>. Shapes: any → the same.</summary>
/// <param name="Axis">The axis, negative from the end.</param>
/// <param name="Exclusive">Whether element i itself is left out.</param>
/// <param name="Reverse">Whether sums run from the end.</param>
/// <remarks>Source: ONNX CumSum.</remarks>
public sealed record CumSum(int Axis, bool Exclusive = false, bool Reverse = false) : Layer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        AxisIndex.Resolve(Axis, inputs[0].Rank);
        return inputs[0];
    }
}
