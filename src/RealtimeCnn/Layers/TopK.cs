using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>What <see cref="TopK"/> and <see cref="TopKIndices"/> share: the k largest elements along an axis, the largest first; of equal ones the first.</summary>
/// <param name="K">How many, from 1 to the extent of the axis.</param>
/// <param name="Axis">The axis, negative from the end.</param>
public abstract record TopKLayer(int K, int Axis) : Layer
{
    /// <summary>Whether the largest are meant, or the smallest.</summary>
    public bool Largest { get; init; } = true;

    /// <summary>Whether the output is the elements' indices instead of their values.</summary>
    internal abstract bool GivesIndices { get; }

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        int axis = AxisIndex.Resolve(Axis, x.Rank);
        return K >= 1 && K <= x[axis] ? x.With(axis, K) : throw new ShapeException($"k = {K} must lie in [1, {x[axis]}], the extent of axis {axis} of {x}.");
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => Cost.Product(inputs[0].Count, Cost.Depth(K) + 1);

    internal override LayoutChoice ChooseLayout(ReadOnlySpan<TensorInfo> inputs, Shape output, int block) => LayoutChoice.Plain;

    internal override unsafe CpuDispatch PlanCpu(LayerCall call)
    {
        var axis = AxisGeometry.Of(call.Input.Shape, Axis);
        // Indices of the best so far, for each run: as many as the output has elements.
        return CpuDispatch.CreateWithScratch(&Forward, new Constants(axis, K, Largest ? 1 : -1, GivesIndices ? 1 : 0), axis.Runs, call.Output.Shape.Count);
    }

    /// <summary>An item is one run: a heap of the best k so far, the worst of them on top, which is then taken down into order.</summary>
    private static unsafe void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int run = from; run < to; run++)
        {
            var elements = new Elements(arguments->Inputs[0] + c.Axis.Start(run), c.Axis.Inner, c.Direction);
            int* heap = (int*)arguments->Scratch + ((long)run * c.K);
            for (int i = 0; i < c.K; i++)
                heap[i] = i;
            for (int i = (c.K / 2) - 1; i >= 0; i--)
                Sink(heap, i, c.K, in elements);
            for (int i = c.K; i < c.Axis.Extent; i++)
            {
                if (!elements.IsBetter(i, heap[0]))
                    continue;
                heap[0] = i;
                Sink(heap, 0, c.K, in elements);
            }

            for (int end = c.K - 1; end > 0; end--)
            {
                (heap[0], heap[end]) = (heap[end], heap[0]);
                Sink(heap, 0, end, in elements);
            }

            float* y = arguments->Output + (c.Axis with { Extent = c.K }).Start(run);
            for (int k = 0; k < c.K; k++)
                y[(long)k * c.Axis.Inner] = c.GivesIndices != 0 ? heap[k] : elements.X[(long)heap[k] * c.Axis.Inner];
        }
    }

    /// <summary>Moves the element at a place of the heap below all that are worse.</summary>
    private static unsafe void Sink(int* heap, int place, int count, in Elements elements)
    {
        int moving = heap[place];
        while (true)
        {
            long child = (2L * place) + 1;
            if (child >= count)
                break;
            if (child + 1 < count && elements.IsBetter(heap[child], heap[child + 1]))
                child++;
            if (!elements.IsBetter(moving, heap[child]))
                break;
            heap[place] = heap[child];
            place = (int)child;
        }

        heap[place] = moving;
    }

    /// <summary>The elements of a run, ordered by value and among equal ones by index.</summary>
    private readonly unsafe struct Elements(float* x, int step, float direction)
    {
        public readonly float* X = x;
        private readonly int _step = step;
        private readonly float _direction = direction;

        public bool IsBetter(int i, int than)
        {
            float a = X[(long)i * _step] * _direction, b = X[(long)than * _step] * _direction;
            return a > b || (a == b && i < than);
        }
    }

    private readonly record struct Constants(AxisGeometry Axis, int K, float Direction, int GivesIndices);
}

/// <summary>The k largest elements along an axis, in descending order (or the k smallest, ascending).</summary>
/// <param name="K">How many, from 1 to the extent of the axis.</param>
/// <param name="Axis">The axis, negative from the end.</param>
/// <remarks>Shapes: <c>[a…, N, b…] → [a…, K, b…]</c>. Elements must not be NaN. Source: ONNX TopK, first output.</remarks>
public sealed record TopK(int K, int Axis = -1) : TopKLayer(K, Axis)
{
    internal override bool GivesIndices => false;
}

/// <summary>Where along the axis the elements that <see cref="TopK"/> gives are, as numbers from 0.</summary>
/// <param name="K">How many, from 1 to the extent of the axis.</param>
/// <param name="Axis">The axis, negative from the end.</param>
/// <remarks>Shapes: <c>[a…, N, b…] → [a…, K, b…]</c>. Elements must not be NaN. Source: ONNX TopK, second output.</remarks>
public sealed record TopKIndices(int K, int Axis = -1) : TopKLayer(K, Axis)
{
    internal override bool GivesIndices => true;
}
