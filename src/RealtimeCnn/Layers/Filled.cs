namespace RealtimeCnn.Layers;

/// <summary>The same number everywhere, without inputs: where differentiation starts (1), and what nothing depends on (0).</summary>
/// <param name="Shape">Its shape.</param>
/// <param name="Value">The number.</param>
internal sealed record Filled(Shape Shape, float Value) : Layer
{
    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (0, 0);

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => Shape;
}
