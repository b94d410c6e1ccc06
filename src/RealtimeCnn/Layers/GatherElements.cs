namespace RealtimeCnn.Layers;

/// <summary>
/// Chooses one element for each index: <c>y[i, j, k] = x[i, indices[i, j, k], k]</c> for axis 1 of three. Negative indices count
/// from the end; what lies outside gives NaN.
/// </summary>
/// <param name="Axis">The axis of the data that indices are of; negative ones count from the last, −1.</param>
/// <remarks>
/// Inputs: data, indices of as many axes, whose other extents are at most the data's. Shapes: → the indices'. Source: ONNX
/// GatherElements; PyTorch gather.
/// </remarks>
public sealed record GatherElements(int Axis = 0) : Layer
{
    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (2, 2);

    internal override bool HasSlopes(int input) => input == 0;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        Shape x = inputs[0], indices = inputs[1];
        int gathered = AxisIndex.Resolve(Axis, x.Rank);
        bool fits = indices.Rank == x.Rank;
        for (int axis = 0; fits && axis < x.Rank; axis++)
            fits = axis == gathered || indices[axis] <= x[axis];
        return fits ? indices : throw new ShapeException($"indices {indices} do not fit the data {x}: as many axes, and no more elements along each but axis {gathered}.");
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => Cost.Product(output.Count, inputs[0].Rank);
}
