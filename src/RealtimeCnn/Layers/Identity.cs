using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary><c>y = x</c>, without a copy. Shapes: any → the same. Source: ONNX Identity.</summary>
public sealed record Identity : ReshapingLayer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];

    /// <inheritdoc/>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => part.SamePlace(input, output);
}
