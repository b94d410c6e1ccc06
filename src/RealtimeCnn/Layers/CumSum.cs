using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>Running sums along an axis: <c>y[…, i, …] = Σ over j up to i of x[…, j, …]</c>. Shapes: any → the same.</summary>
/// <param name="Axis">The axis, negative from the end.</param>
/// <param name="Exclusive">Whether element i itself is left out.</param>
/// <param name="Reverse">Whether sums run from the end.</param>
/// <remarks>Source: ONNX CumSum.</remarks>
public sealed record CumSum(int Axis, bool Exclusive = false, bool Reverse = false) : Layer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        AxisIndex.Resolve(Axis, inputs[0].Rank);
        return inputs[0];
    }

    internal unsafe CpuDispatch PlanCpu(LayerCall call)
    {
        var axis = AxisGeometry.Of(call.Output.Shape, Axis);
        return CpuDispatch.Create(&Forward, new Constants(axis, Exclusive ? 1 : 0, Reverse ? 1 : 0), axis.Runs);
    }

    private static unsafe void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int run = from; run < to; run++)
        {
            double sum = 0;
            for (int i = 0; i < c.Axis.Extent; i++)
            {
                long at = c.Axis.Start(run) + ((long)(c.Reverse != 0 ? c.Axis.Extent - 1 - i : i) * c.Axis.Inner);
                double value = arguments->Inputs[0][at];
                arguments->Output[at] = (float)(c.Exclusive != 0 ? sum : sum + value);
                sum += value;
            }
        }
    }

    private readonly record struct Constants(AxisGeometry Axis, int Exclusive, int Reverse);
}
