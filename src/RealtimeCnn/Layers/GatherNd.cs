using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// Chooses slices by vectors of indices: <c>y[b…, i…, r…] = x[b…, indices[b…, i…, :], r…]</c>. Negative indices count from the
/// end; what lies outside gives NaN.
/// </summary>
/// <param name="BatchAxes">Leading axes that data and indices share.</param>
/// <remarks>
/// Inputs: data, indices <c>[B…, I…, L]</c> with L at most the axes of the data behind the batch. Shapes: → <c>[B…, I…, R…]</c>, R the
/// extents of the data behind batch and L. Source: ONNX GatherND.
/// </remarks>
internal sealed record GatherNd(int BatchAxes = 0) : Layer
{
    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (2, 2);

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        Shape x = inputs[0], indices = inputs[1];
        int length = indices.Rank == 0 ? 0 : indices[indices.Rank - 1];
        bool fits = BatchAxes >= 0 && BatchAxes < Math.Min(x.Rank, indices.Rank) && length >= 1 && BatchAxes + length <= x.Rank;
        for (int axis = 0; fits && axis < BatchAxes; axis++)
            fits = x[axis] == indices[axis];
        if (!fits)
            throw new ShapeException($"indices {indices} with {BatchAxes} batch axes do not fit the data {x}.");
        return new Shape([.. indices.ToArray()[..^1], .. x.ToArray()[(BatchAxes + length)..]]);
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => Cost.Sum(2L * output.Count, inputs[1].Count);

    internal override LayoutChoice ChooseLayout(ReadOnlySpan<TensorInfo> inputs, Shape output, int block) => LayoutChoice.Plain;

    internal override unsafe CpuDispatch PlanCpu(LayerCall call)
    {
        Shape x = call.Input.Shape, indices = call.Inputs[1].Shape;
        int length = indices[indices.Rank - 1], vectors = indices.Product(0, indices.Rank - 1);
        var constants = new Constants(x, BatchAxes, length, vectors / Math.Max(indices.Product(0, BatchAxes), 1), x.Product(BatchAxes + length, x.Rank));
        return CpuDispatch.Create(&Forward, constants, vectors);
    }

    /// <summary>An item is one vector of indices and the slice it chooses.</summary>
    private static unsafe void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            long position = item / c.VectorsPerBatch;
            bool inside = true;
            for (int i = 0; i < c.Length; i++)
            {
                int extent = c.Data[c.BatchAxes + i];
                float index = arguments->Inputs[1][((long)item * c.Length) + i];
                index = index < 0 ? index + extent : index;
                inside &= index >= 0 && index < extent;
                position = (position * extent) + (inside ? (long)index : 0);
            }

            var y = new Span<float>(arguments->Output + ((long)item * c.Inner), c.Inner);
            if (inside)
                new ReadOnlySpan<float>(arguments->Inputs[0] + (position * c.Inner), c.Inner).CopyTo(y);
            else
                y.Fill(float.NaN);
        }
    }

    private readonly record struct Constants(Shape Data, int BatchAxes, int Length, int VectorsPerBatch, int Inner);
}
