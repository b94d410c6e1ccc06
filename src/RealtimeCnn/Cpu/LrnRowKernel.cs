using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Response normalisation. An item is a run of pixels; the squares of each pixel's channels lie in a row between zeros as wide as
/// the window reaches, so that 16 windows move on by one unaligned load.
/// </summary>
/// <remarks>Twin: <see cref="LrnKernel"/>.</remarks>
internal static unsafe class LrnRowKernel
{
    /// <summary>Floats of the rows of squares, which stay in the first cache.</summary>
    private const int MostSquares = 4096;

    /// <summary>Most pixels of an item: rows are read long after they were written, when they can be read at any place.</summary>
    private const int MostPixels = 16;

    /// <summary>Whether the squares of one pixel, with the zeros beside them, fit in their place.</summary>
    public static bool Fits(Lrn layer, LayerCall call) => Pitch(layer, call) <= MostSquares;

    public static CpuDispatch Plan(Lrn layer, LayerCall call)
    {
        var x = call.Input.Shape;
        int pitch = (int)Pitch(layer, call), pixels = Math.Min(MostSquares / pitch, MostPixels), runs = (x.Area + pixels - 1) / pixels;
        var constants = new Constants(x.Channels, BlockedLayout.Blocks(x.Channels, Lanes.Count), x.Area, pitch, pixels, runs, layer.Size, layer.Alpha / layer.Size, layer.Beta, layer.Bias);
        return CpuDispatch.Create(&Forward, constants, x.Batch * runs);
    }

    /// <summary>Floats of the row of one pixel.</summary>
    private static long Pitch(Lrn layer, LayerCall call) => (BlockedLayout.Blocks(call.Input.Shape.Channels, Lanes.Count) * (long)Lanes.Count) + layer.Size - 1L;

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        float* squares = stackalloc float[MostSquares];
        new Span<float>(squares, MostSquares).Clear();
        long plane = c.Area * (long)Lanes.Count;
        for (int item = from; item < to; item++)
        {
            int first = item % c.Runs * c.Pixels, count = Math.Min(c.Pixels, c.Area - first);
            long at = (item / c.Runs * c.Blocks * plane) + (first * (long)Lanes.Count);
            Square(arguments->Inputs[0] + at, squares + ((c.Size - 1) / 2), count, plane, in c);
            for (int block = 0; block < c.Blocks; block++)
                Divide(arguments->Inputs[0] + at + (block * plane), squares + (block * Lanes.Count), arguments->Output + at + (block * plane), count, c.Channels - (block * Lanes.Count), in c);
        }
    }

    /// <summary>The squares of all channels of a run of pixels, a row for each.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Square(float* x, float* rows, int count, long plane, in Constants c)
    {
        for (int block = 0; block < c.Blocks; block++, x += plane, rows += Lanes.Count)
        {
            for (int i = 0; i < count; i++)
            {
                var value = Vector512.Load(x + (i * Lanes.Count));
                (value * value).Store(rows + (i * c.Pitch));
            }
        }
    }

    /// <summary>One block of a run of pixels.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Divide(float* x, float* row, float* y, int count, int channels, in Constants c)
    {
        for (int i = 0; i < count; i++, x += Lanes.Count, row += c.Pitch, y += Lanes.Count)
        {
            var sum = Vector512<float>.Zero;
            for (int d = 0; d < c.Size; d++)
                sum += Vector512.Load(row + d);
            var power = Lanes.Pow(Lanes.MultiplyAdd(sum, Vector512.Create(c.Alpha), Vector512.Create(c.Bias)), Vector512.Create(-c.Beta));
            Vector512.StoreAligned(Lanes.KeepFirst(Vector512.Load(x) * power, channels), y);
        }
    }

    private readonly record struct Constants(int Channels, int Blocks, int Area, int Pitch, int Pixels, int Runs, int Size, float Alpha, float Beta, float Bias);
}
