using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Cpu;

/// <summary>Factor and offset of one channel, in double.</summary>
internal delegate (double Factor, double Offset) ChannelAffine(int channel);

/// <summary><c>y = factor[c]·x + offset[c]</c>; lane = channel, an item is up to 256 pixels of one block of 16 channels.</summary>
internal static unsafe class ChannelAffineKernel
{
    private const int PixelsPerItem = 256;

    public static CpuDispatch Plan(LayerCall call, ChannelAffine affine, string name = "affine")
    {
        var x = call.Input.Shape;
        int blocks = BlockedLayout.Blocks(x.Channels, 16), parts = (x.Area + PixelsPerItem - 1) / PixelsPerItem;
        return CpuDispatch.Create(&Forward, new Constants(blocks, x.Area, parts), x.Batch * blocks * parts, Pack(x.Channels, 16, affine, name));
    }

    /// <summary>All factors, then all offsets, in whole blocks; zero behind the last channel, which keeps the tail zero.</summary>
    public static PackedWeights Pack(int channels, int block, ChannelAffine affine, string name = "affine")
    {
        int padded = BlockedLayout.Blocks(channels, block) * block;
        return new PackedWeights($"{name}/{block}", 2L * padded, destination =>
        {
            for (int c = 0; c < channels; c++)
            {
                var (factor, offset) = affine(c);
                destination[c] = (float)factor;
                destination[padded + c] = (float)offset;
            }
        });
    }

    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int plane = item / c.Parts, first = item % c.Parts * PixelsPerItem, block = plane % c.Blocks;
            int end = Math.Min(first + PixelsPerItem, c.Area);
            var factor = Vector512.Load(arguments->Weights[0] + (block * 16));
            var offset = Vector512.Load(arguments->Weights[0] + ((c.Blocks + block) * 16));
            float* x = arguments->Inputs[0] + ((long)plane * c.Area * 16), y = arguments->Output + ((long)plane * c.Area * 16);
            for (int i = first; i < end; i++)
                Vector512.StoreAligned(Vector512.MultiplyAddEstimate(Vector512.Load(x + (i * 16L)), factor, offset), y + (i * 16L));
        }
    }

    private readonly record struct Constants(int Blocks, int Area, int Parts);
}
