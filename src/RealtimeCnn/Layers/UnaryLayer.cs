using RealtimeCnn.Cpu;
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

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => (Function is UnaryFunction.Abs or UnaryFunction.Neg or UnaryFunction.Square or UnaryFunction.Floor or UnaryFunction.Ceil or UnaryFunction.Round ? 2L : 32) * output.Count;

    internal override LayoutChoice ChooseLayout(ReadOnlySpan<TensorInfo> inputs, Shape output, int block) =>
        new(inputs[0].Layout, inputs[0].Layout);

    internal override CpuDispatch PlanCpu(LayerCall call) => ElementwiseKernel.Plan(new UnaryOfVector(Function), call);
}
