using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// Chooses one element for each index: <c>y[i, j, k] = x[i, indices[i, j, k], k]</c> for axis 1 of three. Negative indices count
/// from the end; what lies outside gives NaN.
/// </summary>
/// <param name="Axis">The axis of the data that indices are of; negative ones count from the last, −1.</param>
/// <remarks>
/// Inputs: data, indices of as many axes, whose other extents are at most the data's. Shapes: → the indices'. Source: ONNX
/// GatherElements; PyTorch gather.
/// </remarks>
internal sealed record GatherElements(int Axis = 0) : Layer
{
    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (2, 2);

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        Shape x = inputs[0], indices = inputs[1];
        int gathered = AxisIndex.Resolve(Axis, x.Rank);
        bool fits = indices.Rank == x.Rank;
        for (int axis = 0; fits && axis < x.Rank; axis++)
            fits = axis == gathered || indices[axis] <= x[axis];
        return fits ? indices : throw new ShapeException($"indices {indices} do not fit the data {x}: as many axes, and no more elements along each but axis {gathered}.");
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => Cost.Product(output.Count, inputs[0].Rank);

    internal override LayoutChoice ChooseLayout(ReadOnlySpan<TensorInfo> inputs, Shape output, int block) => LayoutChoice.Plain;

    internal override unsafe CpuDispatch PlanCpu(LayerCall call) => CpuDispatch.Create(
        &Forward, new Constants(call.Input.Shape, call.Output.Shape, AxisIndex.Resolve(Axis, call.Input.Shape.Rank)), call.Output.Shape.Count);

    /// <summary>An item is one element of the output.</summary>
    private static unsafe void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int extent = c.Data[c.Axis];
            float index = arguments->Inputs[1][item];
            index = index < 0 ? index + extent : index;
            if (!(index >= 0 && index < extent))
            {
                arguments->Output[item] = float.NaN;
                continue;
            }

            long position = 0, stride = 1;
            int rest = item;
            for (int axis = c.Data.Rank - 1; axis >= 0; axis--)
            {
                int coordinate = rest % c.Output[axis];
                rest /= c.Output[axis];
                position += (axis == c.Axis ? (long)index : coordinate) * stride;
                stride *= c.Data[axis];
            }

            arguments->Output[item] = arguments->Inputs[0][position];
        }
    }

    private readonly record struct Constants(Shape Data, Shape Output, int Axis);
}
