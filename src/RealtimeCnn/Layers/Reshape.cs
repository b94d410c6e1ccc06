namespace RealtimeCnn.Layers;

/// <summary>The same elements, in the same row-major order, under another shape. No copy.</summary>
/// <param name="Extents">
/// Extent along each axis of the output. 0 keeps the input's extent along the same axis, −1 (once) takes what is left: both
/// leave the graph free to run with other sizes.
/// </param>
/// <exception cref="ShapeException">The number of elements cannot be kept, or the extents are not possible.</exception>
/// <remarks>Shapes: any → Extents. Source: ONNX Reshape with allowzero = 0.</remarks>
public sealed record Reshape(params IReadOnlyList<int> Extents) : ReshapingLayer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        string asked = $"[{string.Join(", ", Extents)}]";
        int[] extents = [.. Extents];
        int free = -1;
        long known = 1;
        for (int axis = 0; axis < extents.Length; axis++)
        {
            if (extents[axis] == 0)
                extents[axis] = axis < x.Rank ? x[axis] : throw new ShapeException($"reshape to {asked}: axis {axis} is 0, to be taken from the input, which is {x}.");
            if (extents[axis] < -1 || (extents[axis] == -1 && free >= 0))
                throw new ShapeException($"reshape to {asked}: extents are at least 0, or −1 once.");
            if (extents[axis] == -1)
                free = axis;
            else
                known *= extents[axis];
        }

        if (free >= 0)
            extents[free] = known == 0 || x.Count % known != 0 ? throw new ShapeException($"reshape to {asked}: {x} has {x.Count} elements, not a multiple of {known}.") : (int)(x.Count / known);
        else if (known != x.Count)
            throw new ShapeException($"reshape to {asked}: that is {known} elements, {x} has {x.Count}.");
        return new Shape(extents);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Reshape [{string.Join(", ", Extents)}]";
}
