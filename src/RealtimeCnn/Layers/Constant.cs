namespace RealtimeCnn.Layers;

/// <summary>A tensor that is part of the network: its parameter <c>value</c>. It has no inputs and is copied once, when a plan is made.</summary>
/// <param name="Shape">Its shape.</param>
/// <remarks>Source: ONNX Constant.</remarks>
public sealed record Constant(Shape Shape) : Layer
{
    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (0, 0);

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters => [new ParameterSpec("value", Shape)];

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => Shape;
}
