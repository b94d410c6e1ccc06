using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.Cpu;

/// <summary><c>y = factor[c]·x + offset[c]</c>; lane = channel, an item is up to 256 pixels of one block of 16 channels.</summary>
internal static unsafe class ChannelAffineKernel
{
    private const int PixelsPerItem = 256;

    public static CpuDispatch Plan(IChannelAffine layer, LayerCall call)
    {
        var x = call.Input.Shape;
        int blocks = BlockedLayout.Blocks(x.Channels, Lanes.Count), parts = (x.Area + PixelsPerItem - 1) / PixelsPerItem;
        return CpuDispatch.Create(&Forward, new Constants(blocks, x.Area, parts), x.Batch * blocks * parts, AffinePacking.Of(layer, call, Lanes.Count));
    }

    /// <summary>The gradient by the input: dy times the factors.</summary>
    public static CpuDispatch PlanGradient(IChannelAffine layer, LayerCall call) => Plan(new Slope(layer), call);

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int plane = item / c.Parts, first = item % c.Parts * PixelsPerItem, block = plane % c.Blocks;
            int end = Math.Min(first + PixelsPerItem, c.Area);
            var factor = Vector512.Load(arguments->Weights[0] + (block * Lanes.Count));
            var offset = Vector512.Load(arguments->Weights[0] + ((c.Blocks + block) * Lanes.Count));
            float* x = arguments->Inputs[0] + ((long)plane * c.Area * Lanes.Count), y = arguments->Output + ((long)plane * c.Area * Lanes.Count);
            for (int i = first; i < end; i++)
                Vector512.StoreAligned(Lanes.MultiplyAdd(Vector512.Load(x + (i * (long)Lanes.Count)), factor, offset), y + (i * (long)Lanes.Count));
        }
    }

    /// <summary>The factors alone.</summary>
    private sealed record Slope(IChannelAffine Layer) : IChannelAffine
    {
        public (double Factor, double Offset) Affine(IReadOnlyList<Parameter> parameters, int channel) => (Layer.Affine(parameters, channel).Factor, 0);
    }

    private readonly record struct Constants(int Blocks, int Area, int Parts);
}
