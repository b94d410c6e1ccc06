namespace RealtimeCnn.Layers;

/// <summary>Gradients that come together at one value: <c>y = Σ x_i</c>, summed in order. Shapes: any, all the same → the same.</summary>
internal sealed record GradientSum : Layer
{
    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (2, int.MaxValue);

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];
}
