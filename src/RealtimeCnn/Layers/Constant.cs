using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

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

    internal override LayoutChoice ChooseLayout(ReadOnlySpan<TensorInfo> inputs, Shape output, int block) => LayoutChoice.Plain;

    internal override unsafe CpuDispatch PlanCpu(LayerCall call) => CpuDispatch.Create(
        &Forward, Shape.Count, 1, new PackedWeights("plain/16", call.Output.Elements(16), destination => call.Parameters[0].Span.CopyTo(destination)));

    private static unsafe void Forward(CpuArguments* arguments, int from, int to)
    {
        int count = *(int*)arguments->Constants;
        new ReadOnlySpan<float>(arguments->Weights[0], count).CopyTo(new Span<float>(arguments->Output, count));
    }
}
