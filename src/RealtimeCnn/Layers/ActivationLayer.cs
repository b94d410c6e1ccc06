using RealtimeCnn.Cpu;
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

    internal override LayoutChoice ChooseLayout(ReadOnlySpan<TensorInfo> inputs, Shape output, int block) =>
        new(inputs[0].Layout, inputs[0].Layout);

    internal override CpuDispatch PlanCpu(LayerCall call) => ElementwiseKernel.Plan(Activation, call);
}
