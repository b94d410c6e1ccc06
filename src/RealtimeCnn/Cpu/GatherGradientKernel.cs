using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradients of layers that read by index, row-major: each index adds the gradient of what it read to its element, in the order of the
/// indices; one outside adds nothing. Items are what no index leaves: floats of the slices of a <see cref="Gather"/>, lines of a
/// <see cref="TopK"/>, batch items of a <see cref="GatherNd"/>, and all of a <see cref="GatherElements"/>.
/// </summary>
internal static unsafe class GatherGradientKernel
{
    private const int FloatsPerItem = 256;

    public static CpuDispatch Plan(Gather layer, LayerCall call)
    {
        var axis = AxisGeometry.Of(call.Output.Shape, layer.Axis);
        int parts = (axis.Inner + FloatsPerItem - 1) / FloatsPerItem;
        return CpuDispatch.Create(&OfSlices, new SliceConstants(axis, call.Inputs[2].Shape.Count, parts), axis.Outer * parts);
    }

    public static CpuDispatch Plan(TopK layer, LayerCall call)
    {
        var axis = AxisGeometry.Of(call.Output.Shape, layer.Axis);
        return CpuDispatch.Create(&OfLines, new SliceConstants(axis, layer.K, 1), axis.Runs);
    }

    public static CpuDispatch Plan(GatherElements layer, LayerCall call) => CpuDispatch.Create(
        &OfElements, new ElementConstants(call.Output.Shape, call.Input.Shape, AxisIndex.Resolve(layer.Axis, call.Output.Shape.Rank)), 1);

    public static CpuDispatch Plan(GatherNd layer, LayerCall call)
    {
        Shape x = call.Output.Shape, indices = call.Inputs[2].Shape;
        int length = indices[indices.Rank - 1], batch = x.Product(0, layer.BatchAxes), vectors = indices.Product(layer.BatchAxes, indices.Rank - 1);
        return CpuDispatch.Create(&OfVectors, new VectorConstants(x, layer.BatchAxes, length, vectors, x.Product(layer.BatchAxes + length, x.Rank)), batch);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void OfSlices(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(SliceConstants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            var (outer, part) = Math.DivRem(item, c.Parts);
            int first = part * FloatsPerItem, count = Math.Min(FloatsPerItem, c.Axis.Inner - first);
            float* dx = arguments->Output + ((long)outer * c.Axis.Extent * c.Axis.Inner) + first, dy = arguments->Inputs[0] + ((long)outer * c.Count * c.Axis.Inner) + first;
            for (int i = 0; i < c.Axis.Extent; i++)
                new Span<float>(dx + ((long)i * c.Axis.Inner), count).Clear();
            for (int i = 0; i < c.Count; i++, dy += c.Axis.Inner)
            {
                if (Element(arguments->Inputs[2][i], c.Axis.Extent) is >= 0 and var at)
                    Add(dy, dx + ((long)at * c.Axis.Inner), count);
            }
        }
    }

    /// <summary>The indices are the forward layer's second output, behind the gradients of both and the first.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void OfLines(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(SliceConstants*)arguments->Constants;
        for (int run = from; run < to; run++)
        {
            float* dx = arguments->Output + c.Axis.Start(run);
            long first = ((long)(run / c.Axis.Inner) * c.Count * c.Axis.Inner) + (run % c.Axis.Inner);
            for (int i = 0; i < c.Axis.Extent; i++)
                dx[(long)i * c.Axis.Inner] = 0;
            for (int i = 0; i < c.Count; i++, first += c.Axis.Inner)
                dx[(long)arguments->Inputs[3][first] * c.Axis.Inner] += arguments->Inputs[0][first];
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void OfElements(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(ElementConstants*)arguments->Constants;
        new Span<float>(arguments->Output, c.Data.Count).Clear();
        for (int i = 0; i < c.Indices.Count; i++)
        {
            if (Element(arguments->Inputs[2][i], c.Data[c.Axis]) is not (>= 0 and var at))
                continue;
            long position = 0, stride = 1;
            for (int axis = c.Data.Rank - 1, rest = i; axis >= 0; stride *= c.Data[axis], rest /= c.Indices[axis], axis--)
                position += (axis == c.Axis ? at : rest % c.Indices[axis]) * stride;
            arguments->Output[position] += arguments->Inputs[0][i];
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void OfVectors(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(VectorConstants*)arguments->Constants;
        int floats = c.Data.Product(c.BatchAxes, c.Data.Rank);
        for (int item = from; item < to; item++)
        {
            float* dx = arguments->Output + ((long)item * floats);
            new Span<float>(dx, floats).Clear();
            for (long vector = (long)item * c.Vectors; vector < (item + 1L) * c.Vectors; vector++)
            {
                long position = 0;
                for (int i = 0; i < c.Length && position >= 0; i++)
                {
                    int extent = c.Data[c.BatchAxes + i], at = Element(arguments->Inputs[2][(vector * c.Length) + i], extent);
                    position = at < 0 ? -1 : (position * extent) + at;
                }

                if (position >= 0)
                    Add(arguments->Inputs[0] + (vector * c.Inner), dx + (position * c.Inner), c.Inner);
            }
        }
    }

    private static void Add(float* dy, float* dx, int count)
    {
        for (int i = 0; i < count; i++)
            dx[i] += dy[i];
    }

    /// <summary>The element of an index, negative ones counted from the end; −1 for one outside.</summary>
    private static int Element(float index, int extent)
    {
        index = index < 0 ? index + extent : index;
        return index >= 0 && index < extent ? (int)index : -1;
    }

    /// <param name="Axis">The axis that is indexed.</param>
    /// <param name="Count">Indices along it.</param>
    /// <param name="Parts">Items of a slice.</param>
    private readonly record struct SliceConstants(AxisGeometry Axis, int Count, int Parts);

    private readonly record struct ElementConstants(Shape Data, Shape Indices, int Axis);

    private readonly record struct VectorConstants(Shape Data, int BatchAxes, int Length, int Vectors, int Inner);
}
