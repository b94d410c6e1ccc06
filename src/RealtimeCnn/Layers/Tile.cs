namespace RealtimeCnn.Layers;

/// <summary>Repeats the whole tensor along each axis: <c>y[…i…] = x[…i mod extent…]</c>.</summary>
/// <param name="Repeats">How often along each axis, at least 1; one for each axis.</param>
/// <exception cref="ShapeException">There is not one number, at least 1, for each axis.</exception>
/// <remarks>Shapes: any → each extent times its repeats. Source: ONNX Tile.</remarks>
public sealed record Tile(params IReadOnlyList<int> Repeats) : StridedCopyLayer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        if (Repeats.Count != x.Rank || Repeats.Any(repeat => repeat < 1))
            throw new ShapeException($"repeats [{string.Join(", ", Repeats)}] must be one number, at least 1, for each axis of {x}.");
        return Shape.Of(Repeats.Map((repeat, axis) => (long)repeat * x[axis]));
    }

    /// <inheritdoc/>
    public override string ToString() => $"Tile [{string.Join(", ", Repeats)}]";

    internal override StridedView View(Shape input, Shape output) => new(
        new int[input.Rank],
        [.. Enumerable.Range(0, input.Rank).SelectMany(axis => new[] { new Digit(axis, Repeats[axis], axis, 0), new Digit(axis, input[axis], axis, 1) })]);
}
