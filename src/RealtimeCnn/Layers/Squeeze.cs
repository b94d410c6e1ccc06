namespace RealtimeCnn.Layers;

/// <summary>Leaves out axes of extent 1. No copy.</summary>
/// <param name="Axes">The axes to leave out, negative from the end; none for all whose extent is 1.</param>
/// <exception cref="ShapeException">A named axis does not exist or has more than one element.</exception>
/// <remarks>Shapes: <c>[N, C, 1, 1] → [N, C]</c> with axes 2 and 3. Source: ONNX Squeeze.</remarks>
public sealed record Squeeze(params IReadOnlyList<int> Axes) : ReshapingLayer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        int[] axes = Axes.Count == 0 ? [.. Enumerable.Range(0, x.Rank).Where(axis => x[axis] == 1)] : AxisIndex.ResolveAll(Axes, x.Rank);
        foreach (int axis in axes)
        {
            if (x[axis] != 1)
                throw new ShapeException($"cannot leave out axis {axis} of {x}: its extent is not 1.");
        }

        return new Shape([.. Enumerable.Range(0, x.Rank).Except(axes).Select(axis => x[axis])]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Squeeze [{string.Join(", ", Axes)}]";
}
