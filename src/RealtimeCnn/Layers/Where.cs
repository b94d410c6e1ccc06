using System.Runtime.Intrinsics;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>Chooses between two tensors: <c>y = a</c> where the condition is not 0, else <c>b</c>; all three broadcast as in numpy.</summary>
/// <remarks>Inputs: condition, a, b. Shapes: any three → their common shape. Source: ONNX Where.</remarks>
public sealed record Where : Layer
{
    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (3, 3);

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => Broadcasting.Common(inputs);

    internal override LayoutChoice ChooseLayout(ReadOnlySpan<TensorInfo> inputs, Shape output, int block) => BroadcastOperand.Choose(inputs, output);

    internal override CpuDispatch PlanCpu(LayerCall call) => BroadcastKernel.Plan<Choose>(call);

    private readonly struct Choose : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> condition, Vector512<float> a, Vector512<float> b) =>
            Vector512.ConditionalSelect(Vector512.Equals(condition, Vector512<float>.Zero), b, a);
    }
}
