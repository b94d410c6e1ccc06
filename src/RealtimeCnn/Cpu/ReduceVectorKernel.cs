using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Sums, norms and extremes whose outputs lie side by side, as channels do in blocks: an item is 16 outputs, accumulated in double
/// element after element.
/// </summary>
/// <remarks>Twin: <see cref="ReduceKernel"/>, which gives the same bits.</remarks>
internal static unsafe class ReduceVectorKernel
{
    private interface IReduction
    {
        static abstract double Start { get; }

        static abstract Vector512<double> Add(Vector512<double> sum, Vector512<double> x);
    }

    /// <summary>Whether 16 neighbouring outputs are made of 16 neighbouring elements each, and the function has a vector form.</summary>
    public static bool Fits(Reduce layer, LayerCall call)
    {
        if (layer.Function is ReduceFunction.Product or ReduceFunction.LogSum or ReduceFunction.LogSumExp)
            return false;
        // The layout that the input will have, not the one it comes in.
        var input = call.Input with { Format = LayoutRules.Reduce(call).Of(0) };
        var loop = ReduceLoop.Of(layer, call with { Inputs = [input] }, Lanes.Count);
        return loop.Kept.Length > 0 && loop.Kept[^1].Step == 1 && loop.Kept[^1].Extent % Lanes.Count == 0;
    }

    public static CpuDispatch Plan(Reduce layer, LayerCall call)
    {
        var loop = ReduceLoop.Of(layer, call, Lanes.Count);
        var function = layer.Function;
        int[] table = [.. loop.Kept.Select(level => level.Extent), .. loop.Kept.Select(level => level.Step), .. loop.Reduced.Select(level => level.Extent), .. loop.Reduced.Select(level => level.Step)];
        var constants = new Constants(function, loop.Kept.Length, loop.Reduced.Length, loop.Elements, loop.Channels, BlockedLayout.Blocks(loop.Channels, Lanes.Count), loop.Area);
        return CpuDispatch.CreateWithTable(
            function switch
            {
                ReduceFunction.Max => &Forward<Largest>,
                ReduceFunction.Min => &Forward<Smallest>,
                ReduceFunction.L1 => &Forward<Magnitudes>,
                ReduceFunction.L2 or ReduceFunction.SumSquare => &Forward<Squares>,
                _ => &Forward<Sum>,
            },
            constants, table, loop.Outputs / Lanes.Count);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward<TReduction>(CpuArguments* arguments, int from, int to)
        where TReduction : IReduction
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int* kept = CpuDispatch.Table<Constants>(arguments), reduced = kept + (2 * c.Kept);
        int run = c.Reduced == 0 ? 1 : reduced[c.Reduced - 1], step = c.Reduced == 0 ? 0 : reduced[(2 * c.Reduced) - 1];
        for (int item = from; item < to; item++)
        {
            float* x = arguments->Inputs[0] + ReduceKernel.Offset(kept, c.Kept, item * Lanes.Count);
            Vector512<double> lower = Vector512.Create(TReduction.Start), upper = lower;
            for (int outer = 0; outer < c.Elements; outer += run)
            {
                float* at = x + ReduceKernel.Offset(reduced, c.Reduced, outer);
                for (int i = 0; i < run; i++, at += step)
                {
                    var (first, second) = Vector512.Widen(Vector512.Load(at));
                    lower = TReduction.Add(lower, first);
                    upper = TReduction.Add(upper, second);
                }
            }

            int channels = c.Channels == 0 ? Lanes.Count : c.Channels - (item / c.Area % c.Blocks * Lanes.Count);
            var value = Vector512.Narrow(Finish(lower, in c), Finish(upper, in c));
            Vector512.StoreAligned(Lanes.KeepFirst(value, channels), arguments->Output + (item * (long)Lanes.Count));
        }
    }

    private static Vector512<double> Finish(Vector512<double> sum, in Constants c) => c.Function switch
    {
        ReduceFunction.Mean => sum / Vector512.Create((double)c.Elements),
        ReduceFunction.L2 => Vector512.Sqrt(sum),
        _ => sum,
    };

    private readonly struct Sum : IReduction
    {
        public static double Start => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Add(Vector512<double> sum, Vector512<double> x) => sum + x;
    }

    private readonly struct Magnitudes : IReduction
    {
        public static double Start => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Add(Vector512<double> sum, Vector512<double> x) => sum + Vector512.Abs(x);
    }

    private readonly struct Squares : IReduction
    {
        public static double Start => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Add(Vector512<double> sum, Vector512<double> x) => sum + (x * x);
    }

    private readonly struct Largest : IReduction
    {
        public static double Start => double.NegativeInfinity;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Add(Vector512<double> sum, Vector512<double> x) => Vector512.Max(sum, x);
    }

    private readonly struct Smallest : IReduction
    {
        public static double Start => double.PositiveInfinity;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Add(Vector512<double> sum, Vector512<double> x) => Vector512.Min(sum, x);
    }

    private readonly record struct Constants(ReduceFunction Function, int Kept, int Reduced, int Elements, int Channels, int Blocks, int Area);
}
