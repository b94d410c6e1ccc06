using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The k largest elements of a line and their places, by a heap of the k best seen so far.</summary>
internal static unsafe class TopKKernel
{
    public static CpuDispatch Plan(TopK layer, LayerCall call)
    {
        var axis = AxisGeometry.Of(call.Input.Shape, layer.Axis);
        // Indices of the best so far, for each run: as many as the output has elements.
        return CpuDispatch.Create(&Forward, new Constants(axis, layer.K, layer.Largest ? 1 : -1), axis.Runs).WithScratch(call.Output.Shape.Count);
    }

    /// <summary>An item is one run: a heap of the best k so far, the worst of them on top, which is then taken down into order.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int run = from; run < to; run++)
        {
            var elements = new Elements(arguments->Inputs[0] + c.Axis.Start(run), c.Axis.Inner, c.Direction);
            int* heap = (int*)arguments->Scratch[0] + ((long)run * c.K);
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

            long start = (c.Axis with { Extent = c.K }).Start(run);
            for (int k = 0; k < c.K; k++)
            {
                arguments->Outputs[0][start + ((long)k * c.Axis.Inner)] = elements.X[(long)heap[k] * c.Axis.Inner];
                arguments->Outputs[1][start + ((long)k * c.Axis.Inner)] = heap[k];
            }
        }
    }

    /// <summary>Moves the element at a place of the heap below all that are worse.</summary>
    private static void Sink(int* heap, int place, int count, in Elements elements)
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

    /// <summary>The elements of a run, ordered by value, NaN being larger than any number, and among equal ones by index.</summary>
    private readonly struct Elements(float* x, int step, float direction)
    {
        public readonly float* X = x;
        private readonly int _step = step;
        private readonly float _direction = direction;

        public bool IsBetter(int i, int than)
        {
            int a = RankOf(X[(long)i * _step]), b = RankOf(X[(long)than * _step]);
            return (_direction > 0 ? a > b : a < b) || (a == b && i < than);
        }

        /// <summary>A whole number that is in the order of the floats: both zeros are one, NaN lies behind infinity.</summary>
        private static int RankOf(float value)
        {
            if (float.IsNaN(value))
                return 0x7FC00000;
            int bits = value == 0 ? 0 : BitConverter.SingleToInt32Bits(value);
            return bits ^ ((bits >> 31) & int.MaxValue);
        }
    }

    private readonly record struct Constants(AxisGeometry Axis, int K, float Direction);
}
