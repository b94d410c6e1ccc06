using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Concatenation along any axis of row-major memory, and along any axis but the channels of channel-blocked memory: each input
/// contributes contiguous runs. Along channels, blocks are views (<see cref="ChannelViews"/>).
/// </summary>
internal static unsafe class ConcatKernel
{
    public static CpuDispatch Plan(Concat layer, LayerCall call)
    {
        var y = call.Output.Shape;
        int axis = AxisIndex.Resolve(layer.Axis, y.Rank);
        bool blocked = call.Output.Layout == Layout.Blocked;
        // Blocked memory is row-major memory of [N, blocks, …, 16].
        int Inner(Shape shape) => shape.Product(axis + 1, shape.Rank) * (blocked ? Lanes.Count : 1);
        int outer = blocked && axis > 1 ? y.Batch * BlockedLayout.Blocks(y.Channels, Lanes.Count) * y.Product(2, axis) : y.Product(0, axis);
        int[] runs = call.Inputs.Map(input => blocked && axis == 0 ? (int)input.Elements(Lanes.Count) : input.Shape[axis] * Inner(input.Shape));
        return CpuDispatch.CreateWithTable(&Forward, new Constants(runs.Length, runs.Sum()), runs, outer);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int* runs = CpuDispatch.Table<Constants>(arguments);
        for (int outer = from; outer < to; outer++)
        {
            float* y = arguments->Output + ((long)outer * c.Total);
            for (int i = 0; i < c.Inputs; y += runs[i], i++)
                new ReadOnlySpan<float>(arguments->Inputs[i] + ((long)outer * runs[i]), runs[i]).CopyTo(new Span<float>(y, runs[i]));
        }
    }

    private readonly record struct Constants(int Inputs, int Total);
}
