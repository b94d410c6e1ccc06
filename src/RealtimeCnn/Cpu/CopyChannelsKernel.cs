using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Gathers blocks of channels from blocks of others. Each vector of an output block is put together from pieces: vectors of the inputs,
/// whose lanes are moved and of which some are kept, 4 pixels at a time. An item is a run of pixels of one block of one batch item.
/// </summary>
internal static unsafe class CopyChannelsKernel
{
    /// <summary>Pixels of an item.</summary>
    private const int RunLength = 512;

    /// <summary>Lanes that one instruction moves among each other.</summary>
    private static readonly int Width = Vector512.IsHardwareAccelerated ? Lanes.Count : Vector128<float>.Count;

    public static CpuDispatch Plan(CopyChannels layer, LayerCall call)
    {
        var y = call.Output.Shape;
        int blocks = BlockedLayout.Blocks(y.Channels, Lanes.Count), groups = blocks * (Lanes.Count / Width), runs = BlockedLayout.Blocks(y.Area, RunLength);
        // First where the pieces of each group of lanes start, then the pieces: input, its blocks, the vector of a batch item's planes, and a lane of it for each lane, or −1.
        var table = new List<int>();
        var starts = new List<int>();
        for (int group = 0; group < groups; group++)
        {
            starts.Add(groups + 1 + table.Count);
            var lanes = layer.Channels.Skip(group * Width).Take(Width).Select((channel, lane) => (channel.Input, Vector: channel.Channel / Width, Lane: channel.Channel % Width, To: lane));
            foreach (var piece in lanes.GroupBy(lane => (lane.Input, lane.Vector)))
            {
                table.AddRange([piece.Key.Input, BlockedLayout.Blocks(call.Inputs[piece.Key.Input].Shape.Channels, Lanes.Count), piece.Key.Vector]);
                table.AddRange(Enumerable.Range(0, Width).Select(to => piece.Where(lane => lane.To == to).Select(lane => lane.Lane).DefaultIfEmpty(-1).First()));
            }
        }

        starts.Add(groups + 1 + table.Count);
        return CpuDispatch.CreateWithTable(&Forward, new Constants(blocks, y.Area, runs, Width), [.. starts, .. table], checked(y.Batch * blocks * runs));
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int* table = CpuDispatch.Table<Constants>(arguments);
        for (int item = from; item < to; item++)
        {
            int plane = Math.DivRem(item, c.Runs, out int run), n = Math.DivRem(plane, c.Blocks, out int block);
            int first = run * RunLength, end = Math.Min(first + RunLength, c.Area), perBlock = Lanes.Count / c.Width;
            float* y = arguments->Output + ((long)plane * c.Area * Lanes.Count);
            for (int group = 0; group < perBlock; group++)
            {
                int* start = table + (block * perBlock) + group;
                for (int pixel = first; pixel < end;)
                {
                    // The last pixels of a run overlap those before, so that all but the smallest go by four.
                    int at = end - pixel >= 4 || end - first < 4 ? pixel : end - 4, count = end - first < 4 ? 1 : 4;
                    float* to4 = y + ((long)at * Lanes.Count) + (group * c.Width);
                    if (c.Width == Lanes.Count)
                        Gather512(arguments->Inputs, in c, table + start[0], table + start[1], n, at, count, to4);
                    else
                        Gather128(arguments->Inputs, in c, table + start[0], table + start[1], n, at, count, to4);
                    pixel = at + count;
                }
            }
        }
    }

    /// <summary>The first lane of a piece's vector at a pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Source(float** inputs, in Constants c, int* piece, int n, int pixel)
    {
        int block = Math.DivRem(piece[2] * c.Width, Lanes.Count, out int lane);
        return inputs[piece[0]] + ((((((long)n * piece[1]) + block) * c.Area) + pixel) * Lanes.Count) + lane;
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Gather512(float** inputs, in Constants c, int* piece, int* end, int n, int pixel, int count, float* y)
    {
        int second = count == 4 ? Lanes.Count : 0;
        Vector512<float> y0 = default, y1 = default, y2 = default, y3 = default;
        for (; piece < end; piece += 3 + Lanes.Count)
        {
            float* x = Source(inputs, in c, piece, n, pixel);
            var lanes = Vector512.Load(piece + 3);
            var kept = Vector512.GreaterThanOrEqual(lanes, Vector512<int>.Zero).AsSingle();
            y0 |= Vector512.ShuffleNative(Vector512.Load(x), lanes) & kept;
            y1 |= Vector512.ShuffleNative(Vector512.Load(x + second), lanes) & kept;
            y2 |= Vector512.ShuffleNative(Vector512.Load(x + (2 * second)), lanes) & kept;
            y3 |= Vector512.ShuffleNative(Vector512.Load(x + (3 * second)), lanes) & kept;
        }

        y0.Store(y);
        y1.Store(y + second);
        y2.Store(y + (2 * second));
        y3.Store(y + (3 * second));
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Gather128(float** inputs, in Constants c, int* piece, int* end, int n, int pixel, int count, float* y)
    {
        int second = count == 4 ? Lanes.Count : 0;
        Vector128<float> y0 = default, y1 = default, y2 = default, y3 = default;
        for (; piece < end; piece += 3 + Vector128<float>.Count)
        {
            float* x = Source(inputs, in c, piece, n, pixel);
            var lanes = Vector128.Load(piece + 3);
            var kept = Vector128.GreaterThanOrEqual(lanes, Vector128<int>.Zero).AsSingle();
            y0 |= Vector128.ShuffleNative(Vector128.Load(x), lanes) & kept;
            y1 |= Vector128.ShuffleNative(Vector128.Load(x + second), lanes) & kept;
            y2 |= Vector128.ShuffleNative(Vector128.Load(x + (2 * second)), lanes) & kept;
            y3 |= Vector128.ShuffleNative(Vector128.Load(x + (3 * second)), lanes) & kept;
        }

        y0.Store(y);
        y1.Store(y + second);
        y2.Store(y + (2 * second));
        y3.Store(y + (3 * second));
    }

    private readonly record struct Constants(int Blocks, int Area, int Runs, int Width);
}
