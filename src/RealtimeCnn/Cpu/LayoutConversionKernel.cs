using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Cpu;

/// <summary>Between row-major memory and channel blocks: an item is one block of 16 channels of one batch item.</summary>
internal static unsafe class LayoutConversionKernel
{
    public static CpuDispatch ToBlocked(LayerCall call) => Plan(&Block, call);

    public static CpuDispatch ToPlain(LayerCall call) => Plan(&Unblock, call);

    private static CpuDispatch Plan(delegate*<CpuArguments*, int, int, void> kernel, LayerCall call)
    {
        var shape = call.Output.Shape;
        var constants = new Constants(shape.Channels, BlockedLayout.Blocks(shape.Channels, Lanes.Count), shape.Area);
        return CpuDispatch.Create(kernel, constants, shape.Batch * constants.Blocks);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int n = item / c.Blocks, block = item % c.Blocks, channels = Math.Min(Lanes.Count, c.Channels - (block * Lanes.Count));
            float* x = arguments->Inputs[0] + ((((long)n * c.Channels) + (block * Lanes.Count)) * c.Area);
            float* y = arguments->Output + ((long)item * c.Area * Lanes.Count);
            for (int i = 0; i < c.Area; i++)
            {
                for (int lane = 0; lane < Lanes.Count; lane++)
                    y[(i * (long)Lanes.Count) + lane] = lane < channels ? x[((long)lane * c.Area) + i] : 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Unblock(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int n = item / c.Blocks, block = item % c.Blocks, channels = Math.Min(Lanes.Count, c.Channels - (block * Lanes.Count));
            float* x = arguments->Inputs[0] + ((long)item * c.Area * Lanes.Count);
            float* y = arguments->Output + ((((long)n * c.Channels) + (block * Lanes.Count)) * c.Area);
            for (int lane = 0; lane < channels; lane++)
            {
                for (int i = 0; i < c.Area; i++)
                    y[((long)lane * c.Area) + i] = x[(i * (long)Lanes.Count) + lane];
            }
        }
    }

    private readonly record struct Constants(int Channels, int Blocks, int Area);
}
