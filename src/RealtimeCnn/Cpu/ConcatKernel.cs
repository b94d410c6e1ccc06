using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Concatenation. Along any axis of row-major memory, and along any axis but the channels of channel-blocked memory, each input
/// contributes contiguous runs. Along channels, an item is one block of 16 output channels, whose lanes each know their input.
/// </summary>
internal static unsafe class ConcatKernel
{
    /// <summary>Whether inputs that are channel-blocked are joined along their channels.</summary>
    public static bool JoinsBlockedChannels(Concat layer, LayerCall call) =>
        AxisIndex.Resolve(layer.Axis, call.Output.Shape.Rank) == 1 && call.Inputs.Any(input => input.Layout == Layout.Blocked);

    public static CpuDispatch PlanRuns(Concat layer, LayerCall call)
    {
        var y = call.Output.Shape;
        int axis = AxisIndex.Resolve(layer.Axis, y.Rank);
        bool blocked = call.Output.Layout == Layout.Blocked;
        // Blocked memory is row-major memory of [N, blocks, …, 16].
        int Inner(Shape shape) => shape.Product(axis + 1, shape.Rank) * (blocked ? Lanes.Count : 1);
        int outer = blocked && axis > 1 ? y.Batch * BlockedLayout.Blocks(y.Channels, Lanes.Count) * y.Product(2, axis) : y.Product(0, axis);
        int[] runs = [.. call.Inputs.Select(input => blocked && axis == 0 ? (int)input.Elements(Lanes.Count) : input.Shape[axis] * Inner(input.Shape))];
        return CpuDispatch.CreateWithTable(&ForwardRuns, new RunConstants(runs.Length, runs.Sum()), runs, outer);
    }

    public static CpuDispatch PlanChannels(Concat layer, LayerCall call)
    {
        var y = call.Output.Shape;
        int blocks = BlockedLayout.Blocks(y.Channels, Lanes.Count);
        var table = new List<int>();
        for (int input = 0; input < call.Inputs.Length; input++)
        {
            int channels = call.Inputs[input].Shape.Channels;
            for (int channel = 0; channel < channels; channel++)
                table.AddRange([input, channel, BlockedLayout.Blocks(channels, Lanes.Count)]);
        }

        return CpuDispatch.CreateWithTable(&ForwardChannels, new ChannelConstants(y.Channels, blocks, y.Area), [.. table], y.Batch * blocks);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardRuns(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(RunConstants*)arguments->Constants;
        int* runs = CpuDispatch.Table<RunConstants>(arguments);
        for (int outer = from; outer < to; outer++)
        {
            float* y = arguments->Output + ((long)outer * c.Total);
            for (int i = 0; i < c.Inputs; y += runs[i], i++)
                new ReadOnlySpan<float>(arguments->Inputs[i] + ((long)outer * runs[i]), runs[i]).CopyTo(new Span<float>(y, runs[i]));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardChannels(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(ChannelConstants*)arguments->Constants;
        int* table = CpuDispatch.Table<ChannelConstants>(arguments);
        float** lanes = stackalloc float*[Lanes.Count];
        for (int item = from; item < to; item++)
        {
            int n = item / c.Blocks, block = item % c.Blocks, count = Math.Min(Lanes.Count, c.Channels - (block * Lanes.Count));
            bool whole = true;
            for (int lane = 0; lane < count; lane++)
            {
                int* entry = table + (((block * Lanes.Count) + lane) * 3);
                lanes[lane] = arguments->Inputs[entry[0]] + ((((long)n * entry[2]) + (entry[1] >> Lanes.Shift)) * c.Area * Lanes.Count) + (entry[1] & (Lanes.Count - 1));
                whole &= (entry[1] & (Lanes.Count - 1)) == lane && entry[0] == table[block * 3 * Lanes.Count];
            }

            float* y = arguments->Output + ((long)item * c.Area * Lanes.Count);
            for (int i = 0; i < c.Area; i++, y += Lanes.Count)
            {
                if (whole)
                {
                    Vector512.StoreAligned(Lanes.KeepFirst(Vector512.Load(lanes[0] + (i * (long)Lanes.Count)), count), y);
                    continue;
                }

                for (int lane = 0; lane < Lanes.Count; lane++)
                    y[lane] = lane < count ? lanes[lane][i * (long)Lanes.Count] : 0;
            }
        }
    }

    private readonly record struct RunConstants(int Inputs, int Total);

    private readonly record struct ChannelConstants(int Channels, int Blocks, int Area);
}
