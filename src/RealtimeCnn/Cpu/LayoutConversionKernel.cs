using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Between row-major memory and channel blocks: 4 pixels of 4 channels are transposed in registers. An item is a run of pixels of one
/// block of 16 channels of one batch item; where planes are single pixels, whose channels lie side by side in both, it is a batch item.
/// </summary>
internal static unsafe class LayoutConversionKernel
{
    /// <summary>Pixels of an item.</summary>
    private const int RunLength = 1024;

    public static CpuDispatch ToBlocked(LayerCall call) => Plan(&Block, &BlockPixels, call);

    public static CpuDispatch ToPlain(LayerCall call) => Plan(&Unblock, &UnblockPixels, call);

    private static CpuDispatch Plan(delegate*<CpuArguments*, int, int, void> ofPlanes, delegate*<CpuArguments*, int, int, void> ofPixels, LayerCall call)
    {
        var shape = call.Output.Shape;
        var constants = new Constants(shape.Channels, BlockedLayout.Blocks(shape.Channels, Lanes.Count), shape.Area, BlockedLayout.Blocks(shape.Area, RunLength));
        return shape.Area == 1 ? CpuDispatch.Create(ofPixels, constants, shape.Batch) : CpuDispatch.Create(ofPlanes, constants, checked(shape.Batch * constants.Blocks * constants.Runs));
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void BlockPixels(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int channels = c.Channels, padded = c.Blocks * Lanes.Count;
        for (int n = from; n < to; n++)
        {
            var blocks = new Span<float>(arguments->Output + (n * (long)padded), padded);
            new ReadOnlySpan<float>(arguments->Inputs[0] + (n * (long)channels), channels).CopyTo(blocks);
            blocks[channels..].Clear();
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void UnblockPixels(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int channels = c.Channels, padded = c.Blocks * Lanes.Count;
        for (int n = from; n < to; n++)
            new ReadOnlySpan<float>(arguments->Inputs[0] + (n * (long)padded), channels).CopyTo(new Span<float>(arguments->Output + (n * (long)channels), channels));
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Block(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            var run = c.Run(item);
            float* x = arguments->Inputs[0] + run.Plain, y = arguments->Output + run.Blocked;
            for (int lane = 0; lane < Lanes.Count; lane += 4)
            {
                int channels = Math.Clamp(run.Channels - lane, 0, 4), i = 0;
                float* p = x + ((long)lane * c.Area), q = y + lane;
                for (; i <= run.Pixels - 4; i += 4, q += 4 * Lanes.Count)
                {
                    var t = new Transposed(p + i, channels, c.Area);
                    t.R0.Store(q);
                    t.R1.Store(q + Lanes.Count);
                    t.R2.Store(q + (2 * Lanes.Count));
                    t.R3.Store(q + (3 * Lanes.Count));
                }

                for (; i < run.Pixels; i++, q += Lanes.Count)
                {
                    for (int k = 0; k < 4; k++)
                        q[k] = k < channels ? p[((long)k * c.Area) + i] : 0;
                }
            }
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Unblock(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            var run = c.Run(item);
            float* x = arguments->Inputs[0] + run.Blocked, y = arguments->Output + run.Plain;
            for (int lane = 0; lane < run.Channels; lane += 4)
            {
                int channels = Math.Min(run.Channels - lane, 4), i = 0;
                float* p = x + lane, q = y + ((long)lane * c.Area);
                for (; i <= run.Pixels - 4; i += 4, p += 4 * Lanes.Count)
                {
                    var t = new Transposed(p, 4, Lanes.Count);
                    t.R0.Store(q + i);
                    if (channels > 1)
                        t.R1.Store(q + c.Area + i);
                    if (channels > 2)
                        t.R2.Store(q + (2L * c.Area) + i);
                    if (channels > 3)
                        t.R3.Store(q + (3L * c.Area) + i);
                }

                for (; i < run.Pixels; i++, p += Lanes.Count)
                {
                    for (int k = 0; k < channels; k++)
                        q[((long)k * c.Area) + i] = p[k];
                }
            }
        }
    }

    private readonly record struct Constants(int Channels, int Blocks, int Area, int Runs)
    {
        /// <summary>The pixels of an item, the channels of their block, and where both start in either layout.</summary>
        public (int Pixels, int Channels, long Plain, long Blocked) Run(int item)
        {
            int plane = Math.DivRem(item, Runs, out int run), n = Math.DivRem(plane, Blocks, out int block), first = run * RunLength;
            long plain = ((((long)n * Channels) + (block * Lanes.Count)) * Area) + first, blocked = (((long)plane * Area) + first) * Lanes.Count;
            return (Math.Min(RunLength, Area - first), Math.Min(Lanes.Count, Channels - (block * Lanes.Count)), plain, blocked);
        }
    }
}
