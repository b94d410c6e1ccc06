using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The plain gather by vectors of indices.</summary>
internal static unsafe class GatherNdKernel
{
    public static CpuDispatch Plan(GatherNd layer, LayerCall call)
    {
        Shape x = call.Input.Shape, indices = call.Inputs[1].Shape;
        int length = indices[indices.Rank - 1], vectors = indices.Product(0, indices.Rank - 1);
        var constants = new Constants(x, layer.BatchAxes, length, vectors / Math.Max(indices.Product(0, layer.BatchAxes), 1), x.Product(layer.BatchAxes + length, x.Rank));
        return CpuDispatch.Create(&Forward, constants, vectors);
    }

    /// <summary>An item is one vector of indices and the slice it chooses.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
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
