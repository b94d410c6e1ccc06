namespace RealtimeCnn.Layers;

/// <summary>Picks slices of a tensor by index: <c>y[…, i…, …] = x[…, index[i…], …]</c> along one axis.</summary>
/// <param name="Axis">The axis of x that is indexed, negative from the end.</param>
/// <remarks>
/// Inputs: x, indices (whole numbers; negative ones count from the end). An index outside the axis gives NaN. Shapes:
/// <c>[a…, K, b…], [i…] → [a…, i…, b…]</c>. Source: ONNX Gather.
/// </remarks>
public sealed record Gather(int Axis = 0) : Layer
{
    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (2, 2);

    internal override bool HasSlopes(int input) => input == 0;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        int axis = AxisIndex.Resolve(Axis, x.Rank);
        int[] extents = x.ToArray();
        return new Shape([.. extents[..axis], .. inputs[1].ToArray(), .. extents[(axis + 1)..]]);
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => 2L * output.Count;
}
