namespace RealtimeCnn.Layers;

/// <summary><c>y = x</c>, without a copy. Shapes: any → the same. Source: ONNX Identity.</summary>
public sealed record Identity : ReshapingLayer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];
}
