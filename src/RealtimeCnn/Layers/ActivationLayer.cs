using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// A layer that applies one <see cref="Activation"/> to each element: <c>y[i] = f(x[i])</c>. Shapes: any → the same. Behind a
/// convolution it is fused into it.
/// </summary>
/// <param name="Activation">The function.</param>
public abstract record ActivationLayer(Activation Activation) : Layer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];

    /// <inheritdoc/>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => part.SamePlace(input, output);

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => (Activation.Function is ActivationFunction.None or ActivationFunction.Relu or ActivationFunction.Clip ? 2L : 8) * output.Count;
}
