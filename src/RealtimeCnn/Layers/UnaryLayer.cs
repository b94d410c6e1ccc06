using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// A layer that applies one <see cref="UnaryFunction"/> to each element: <c>y[i] = f(x[i])</c>. Shapes: any → the same. Outside
/// a function's domain the result is NaN.
/// </summary>
/// <param name="Function">The function.</param>
public abstract record UnaryLayer(UnaryFunction Function) : Layer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];

    internal override bool HasSlopes(int input) => Function is not (UnaryFunction.Floor or UnaryFunction.Ceil or UnaryFunction.Round or UnaryFunction.Sign or UnaryFunction.Not or UnaryFunction.IsNaN or UnaryFunction.IsInfinity);

    /// <inheritdoc/>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => part.SamePlace(input, output);

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => (Function is UnaryFunction.Abs or UnaryFunction.Neg or UnaryFunction.Square or UnaryFunction.Floor or UnaryFunction.Ceil or UnaryFunction.Round ? 2L : 32) * output.Count;
}
