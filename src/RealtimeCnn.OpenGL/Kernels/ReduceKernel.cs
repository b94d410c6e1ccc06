using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Reductions along any axes.</summary>
internal static class ReduceKernel
{
    // Channel-blocked memory has one axis more than its shape.
    private const int MostLevels = Shape.MaxRank + 1;

    public static Dispatch[] Plan(Reduce layer, LayerCall call, GlLimits limits)
    {
        var loop = ReduceLoop.Of(layer, call, GpuKernels.Block);
        int count = ConvolutionParams.Vectors(call.Output);
        int[] numbers = new int[8 + (2 * MostLevels * 4)];
        new[] { count, loop.Outputs, loop.Elements, (int)layer.Function, loop.Channels, loop.Area, loop.Kept.Length, loop.Reduced.Length }.CopyTo(numbers, 0);
        Write(loop.Kept, numbers.AsSpan(8));
        Write(loop.Reduced, numbers.AsSpan(8 + (MostLevels * 4)));
        // For each element a turn, those for the levels of its place, and one in 32 for the parts of the sum; twice where the largest one is sought first.
        long turns = loop.Elements * (3L + loop.Reduced.Length) * (layer.Function == ReduceFunction.LogSumExp ? 2 : 1);
        int lanes = Lanes.For(turns, limits);
        return [Dispatch.Shared("layers/reduce.comp", Dispatch.Bytes(numbers), count, lanes, $"{layer.Function} over {loop.Elements} elements", Operand.Of(0))];
    }

    private static void Write((int Extent, int Step)[] levels, Span<int> numbers)
    {
        for (int level = 0; level < levels.Length; level++)
            (numbers[level * 4], numbers[(level * 4) + 1]) = levels[level];
    }
}
