using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The plain response normalisation.</summary>
internal static unsafe class LrnKernel
{
    public static CpuDispatch Plan(Lrn layer, LayerCall call)
    {
        var x = call.Input.Shape;
        var constants = new Constants(x.Channels, BlockedLayout.Blocks(x.Channels, Lanes.Count), x.Area, (int)Math.Min(layer.Size, 2L * x.Channels), layer.Alpha / layer.Size, layer.Beta, layer.Bias);
        return CpuDispatch.Create(&Forward, constants, x.Batch * x.Area);
    }

    /// <summary>An item is one pixel. Two blocks of squares lie side by side, so that 16 windows move on by one unaligned load.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        float* squares = stackalloc float[2 * Lanes.Count];
        int before = (c.Size - 1) / 2;
        for (int item = from; item < to; item++)
        {
            long at = (((long)(item / c.Area) * c.Blocks * c.Area) + (item % c.Area)) * Lanes.Count;
            float* x = arguments->Inputs[0] + at, y = arguments->Output + at;
            for (int block = 0; block < c.Blocks; block++)
            {
                var sum = Vector512<float>.Zero;
                // Window d of the 16 channels starts at channel first + d; those wholly outside add nothing.
                long first = (block * (long)Lanes.Count) - before, end = Math.Min(first + c.Size, c.Blocks * (long)Lanes.Count);
                for (long channel = Math.Max(first, 1 - Lanes.Count); channel < end;)
                {
                    long pair = channel >> Lanes.Shift;
                    Square(x, pair, in c).Store(squares);
                    Square(x, pair + 1, in c).Store(squares + Lanes.Count);
                    for (long next = Math.Min((pair + 1) * Lanes.Count, end); channel < next; channel++)
                        sum += Vector512.Load(squares + (channel & (Lanes.Count - 1)));
                }

                long place = block * c.Area * (long)Lanes.Count;
                var divisor = Lanes.Pow(Lanes.MultiplyAdd(sum, Vector512.Create(c.Alpha), Vector512.Create(c.Bias)), Vector512.Create(c.Beta));
                Vector512.StoreAligned(Lanes.KeepFirst(Vector512.Load(x + place) / divisor, c.Channels - (block * Lanes.Count)), y + place);
            }
        }
    }

    /// <summary>The squares of one block of a pixel, 0 where there is no such block.</summary>
    private static Vector512<float> Square(float* x, long block, in Constants c)
    {
        if (block < 0 || block >= c.Blocks)
            return Vector512<float>.Zero;
        var value = Vector512.Load(x + (block * c.Area * Lanes.Count));
        return value * value;
    }

    private readonly record struct Constants(int Channels, int Blocks, int Area, int Size, float Alpha, float Beta, float Bias);
}
