namespace RealtimeCnn.Layers;

/// <summary>Inserts axes of extent 1. No copy.</summary>
/// <param name="Axes">Where they are in the output, negative from its end; at least one.</param>
/// <exception cref="ShapeException">An axis does not exist in the output or is named twice.</exception>
/// <remarks>Shapes: <c>[N, C] → [N, C, 1, 1]</c> with axes 2 and 3. Source: ONNX Unsqueeze.</remarks>
public sealed record Unsqueeze(params IReadOnlyList<int> Axes) : ReshapingLayer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        if (Axes.Count == 0)
            throw new ShapeException("unsqueeze needs at least one axis.");
        var extents = new List<int>(inputs[0].ToArray());
        foreach (int axis in AxisIndex.ResolveAll(Axes, extents.Count + Axes.Count))
            extents.Insert(axis, 1);
        return new Shape([.. extents]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Unsqueeze [{string.Join(", ", Axes)}]";
}
