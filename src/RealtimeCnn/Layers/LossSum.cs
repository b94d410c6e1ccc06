namespace RealtimeCnn.Layers;

/// <summary>What several losses come to: <c>y = Σ w_i · x_i</c>, one number each. Shapes: <c>[]</c>, … → <c>[]</c>.</summary>
/// <param name="Weights">w, one for each input.</param>
internal sealed record LossSum(IReadOnlyList<float> Weights) : Layer
{
    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (Weights.Count, Weights.Count);

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => new();

    /// <inheritdoc/>
    public override string ToString() => $"LossSum [{string.Join(", ", Weights)}]";
}
