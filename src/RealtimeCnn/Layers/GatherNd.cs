namespace RealtimeCnn.Layers;

/// <summary>
/// Chooses slices by vectors of indices: <c>y[b…, i…, r…] = x[b…, indices[b…, i…, :], r…]</c>. Negative indices count from the
/// end; what lies outside gives NaN.
/// </summary>
/// <param name="BatchAxes">Leading axes that data and indices share.</param>
/// <remarks>
/// Inputs: data, indices <c>[B…, I…, L]</c> with L at most the axes of the data behind the batch. Shapes: → <c>[B…, I…, R…]</c>, R the
/// extents of the data behind batch and L. Source: ONNX GatherND.
/// </remarks>
public sealed record GatherNd(int BatchAxes = 0) : Layer
{
    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (2, 2);

    internal override bool HasSlopes(int input) => input == 0;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        Shape x = inputs[0], indices = inputs[1];
        int length = indices.Rank == 0 ? 0 : indices[indices.Rank - 1];
        bool fits = BatchAxes >= 0 && BatchAxes < Math.Min(x.Rank, indices.Rank) && length >= 1 && BatchAxes + length <= x.Rank;
        for (int axis = 0; fits && axis < BatchAxes; axis++)
            fits = x[axis] == indices[axis];
        if (!fits)
            throw new ShapeException($"indices {indices} with {BatchAxes} batch axes do not fit the data {x}.");
        return new Shape([.. indices.ToArray()[..^1], .. x.ToArray()[(BatchAxes + length)..]]);
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => Cost.Sum(2L * output.Count, inputs[1].Count);
}
