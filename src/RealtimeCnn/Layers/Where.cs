namespace RealtimeCnn.Layers;

/// <summary>Chooses between two tensors: <c>y = a</c> where the condition is not 0, else <c>b</c>; all three broadcast as in numpy.</summary>
/// <remarks>Inputs: condition, a, b. Shapes: any three → their common shape. Source: ONNX Where.</remarks>
public sealed record Where : Layer
{
    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (3, 3);

    internal override bool HasSlopes(int input) => input > 0;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => Broadcasting.Common(inputs);
}
