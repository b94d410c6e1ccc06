using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// Chooses slices along one axis: <c>y[a…, i…, b…] = x[a…, indices[i…], b…]</c>. Negative indices count from the end; what lies
/// outside gives NaN.
/// </summary>
/// <param name="Axis">The axis of the data; negative ones count from the last, −1.</param>
/// <remarks>
/// Inputs: data, indices. Shapes: data <c>[A…, K, B…]</c>, indices <c>[I…]</c> → <c>[A…, I…, B…]</c>. Source: ONNX Gather.
/// </remarks>
public sealed record Gather(int Axis = 0) : Layer
{
    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (2, 2);

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        Shape x = inputs[0], indices = inputs[1];
        int axis = AxisIndex.Resolve(Axis, x.Rank);
        int[] extents = x.ToArray();
        return new Shape([.. extents[..axis], .. indices.ToArray(), .. extents[(axis + 1)..]]);
    }

    internal override LayoutChoice ChooseLayout(ReadOnlySpan<TensorInfo> inputs, Shape output, int block) => LayoutChoice.Plain;

    internal override unsafe CpuDispatch PlanCpu(LayerCall call)
    {
        var x = call.Input.Shape;
        int axis = AxisIndex.Resolve(Axis, x.Rank);
        var constants = new Constants(x[axis], call.Inputs[1].Shape.Count, x.Product(axis + 1, x.Rank));
        return CpuDispatch.Create(&Forward, constants, x.Product(0, axis) * constants.Indices);
    }

    /// <summary>An item is one slice of the output.</summary>
    private static unsafe void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            var y = new Span<float>(arguments->Output + ((long)item * c.Inner), c.Inner);
            float index = arguments->Inputs[1][item % c.Indices];
            index = index < 0 ? index + c.Extent : index;
            if (index >= 0 && index < c.Extent)
                new ReadOnlySpan<float>(arguments->Inputs[0] + (((long)(item / c.Indices) * c.Extent) + (long)index) * c.Inner, c.Inner).CopyTo(y);
            else
                y.Fill(float.NaN);
        }
    }

    private readonly record struct Constants(int Extent, int Indices, int Inner);
}
