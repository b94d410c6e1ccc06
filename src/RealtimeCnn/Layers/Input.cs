namespace RealtimeCnn.Layers;

/// <summary>Where data enters a graph. A network may be run with inputs of other sizes than the declared one.</summary>
/// <param name="Shape">The declared shape, usually <c>[N, C, H, W]</c>.</param>
public sealed record Input(Shape Shape) : Layer
{
    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (0, 0);

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => Shape;
}
