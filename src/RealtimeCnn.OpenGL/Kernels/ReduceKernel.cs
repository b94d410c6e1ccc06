using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Reductions along any axes.</summary>
internal static class ReduceKernel
{
    // Channel-blocked memory has one axis more than its shape.
    private const int MostLevels = Shape.MaxRank + 1;

    // Ints before the levels in the block Params.
    private const int Header = 12;

    public static Dispatch[] Plan(Reduce layer, LayerCall call, GlLimits limits)
    {
        var loop = ReduceLoop.Of(layer, call, GpuKernels.Block);
        int count = ConvolutionParams.Vectors(call.Output);
        int[] numbers = new int[Header + (2 * MostLevels * 4)];
        IndexDivisor byArea = IndexDivisor.By(loop.Area), byBlocks = IndexDivisor.By(BlockedLayout.Blocks(loop.Channels, GpuKernels.Block));
        new[]
        {
            count, loop.Outputs, loop.Elements, (int)layer.Function, loop.Channels, loop.Kept.Length, loop.Reduced.Length, 0,
            byArea.Multiplier, byArea.Shift, byBlocks.Multiplier, byBlocks.Shift,
        }.CopyTo(numbers, 0);
        Write(loop.Kept, numbers.AsSpan(Header));
        Write(loop.Reduced, numbers.AsSpan(Header + (MostLevels * 4)));
        // For each element a turn, those for the levels of its place, and one in 32 for the parts of the sum; twice where the largest one is sought first.
        long turns = loop.Elements * (3L + loop.Reduced.Length) * (layer.Function == ReduceFunction.LogSumExp ? 2 : 1);
        int lanes = Lanes.For(turns, limits);
        return [Dispatch.Shared("layers/reduce.comp", Dispatch.Bytes(numbers), count, lanes, $"{layer.Function} over {loop.Elements} elements", Operand.Of(0))];
    }

    private static void Write((int Extent, int Step)[] levels, Span<int> numbers)
    {
        for (int level = 0; level < levels.Length; level++)
        {
            var by = IndexDivisor.By(levels[level].Extent);
            new[] { levels[level].Extent, levels[level].Step, by.Multiplier, by.Shift }.CopyTo(numbers[(level * 4)..]);
        }
    }
}
