using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>Picks slices of a tensor by index: <c>y[…, i…, …] = x[…, index[i…], …]</c> along one axis.</summary>
/// <param name="Axis">The axis of x that is indexed, negative from the end.</param>
/// <remarks>
/// Inputs: x, indices (whole numbers; negative ones count from the end). An index outside the axis gives NaN. Shapes:
/// <c>[a…, K, b…], [i…] → [a…, i…, b…]</c>. Source: ONNX Gather.
/// </remarks>
public sealed record Gather(int Axis = 0) : Layer
{
    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (2, 2);

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        int axis = AxisIndex.Resolve(Axis, x.Rank);
        int[] extents = x.ToArray();
        return new Shape([.. extents[..axis], .. inputs[1].ToArray(), .. extents[(axis + 1)..]]);
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => 2L * output.Count;

    internal override LayoutChoice ChooseLayout(ReadOnlySpan<TensorInfo> inputs, Shape output, int block) => LayoutChoice.Plain;

    internal override unsafe CpuDispatch PlanCpu(LayerCall call)
    {
        var axis = AxisGeometry.Of(call.Input.Shape, Axis);
        int indices = call.Inputs[1].Shape.Count;
        return CpuDispatch.Create(&Forward, new Constants(axis, indices), axis.Outer * indices);
    }

    private static unsafe void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            float index = arguments->Inputs[1][item % c.Indices];
            index = index < 0 ? index + c.Axis.Extent : index;
            var y = new Span<float>(arguments->Output + ((long)item * c.Axis.Inner), c.Axis.Inner);
            if (index >= 0 && index < c.Axis.Extent)
                new ReadOnlySpan<float>(arguments->Inputs[0] + ((((long)(item / c.Indices) * c.Axis.Extent) + (int)index) * c.Axis.Inner), c.Axis.Inner).CopyTo(y);
            else
                y.Fill(float.NaN);
        }
    }

    private readonly record struct Constants(AxisGeometry Axis, int Indices);
}
