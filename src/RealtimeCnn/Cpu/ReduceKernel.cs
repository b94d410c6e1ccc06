using System.Runtime.CompilerServices;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>Reductions over a <see cref="ReduceLoop"/>, in double; an item is one output float.</summary>
internal static unsafe class ReduceKernel
{
    private interface IReduction
    {
        static abstract double Start { get; }

        /// <summary>Takes in one more element; shift is the largest element where <see cref="ReduceFunction.LogSumExp"/> asks for it.</summary>
        static abstract double Add(double sum, double x, double shift);
    }

    public static CpuDispatch Plan(ReduceFunction function, ReduceLoop loop)
    {
        int[] table = [.. loop.Kept.Select(level => level.Extent), .. loop.Kept.Select(level => level.Step), .. loop.Reduced.Select(level => level.Extent), .. loop.Reduced.Select(level => level.Step)];
        var constants = new Constants((int)function, loop.Kept.Length, loop.Reduced.Length, loop.Elements, loop.Channels, BlockedLayout.Blocks(loop.Channels, Lanes.Count), loop.Area);
        return CpuDispatch.CreateWithTable(
            function switch
            {
                ReduceFunction.Max => &Forward<Largest>,
                ReduceFunction.Min => &Forward<Smallest>,
                ReduceFunction.Product => &Forward<Product>,
                ReduceFunction.L1 => &Forward<SumOfMagnitudes>,
                ReduceFunction.L2 or ReduceFunction.SumSquare => &Forward<SumOfSquares>,
                ReduceFunction.LogSumExp => &Forward<SumOfExponentials>,
                _ => &Forward<Sum>,
            },
            constants, table, loop.Outputs);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward<TReduction>(CpuArguments* arguments, int from, int to)
        where TReduction : struct, IReduction
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int* kept = CpuDispatch.Table<Constants>(arguments);
        for (int item = from; item < to; item++)
        {
            if (c.Channels != 0 && (item / (Lanes.Count * c.Area) % c.Blocks * Lanes.Count) + (item % Lanes.Count) >= c.Channels)
            {
                arguments->Output[item] = 0;
                continue;
            }

            float* x = arguments->Inputs[0] + Offset(kept, c.Kept, item);
            double shift = (ReduceFunction)c.Function == ReduceFunction.LogSumExp ? Accumulate<Largest>(x, in c, kept, 0) : 0;
            // All −∞: e^(x − shift) would be e^NaN.
            shift = double.IsInfinity(shift) ? 0 : shift;
            double sum = Accumulate<TReduction>(x, in c, kept, shift);
            arguments->Output[item] = (float)((ReduceFunction)c.Function switch
            {
                ReduceFunction.Mean => sum / c.Elements,
                ReduceFunction.L2 => Math.Sqrt(sum),
                ReduceFunction.LogSum => Math.Log(sum),
                ReduceFunction.LogSumExp => Math.Log(sum) + shift,
                _ => sum,
            });
        }
    }

    private static double Accumulate<TReduction>(float* x, in Constants c, int* kept, double shift)
        where TReduction : struct, IReduction
    {
        int* extents = kept + (2 * c.Kept);
        int run = c.Reduced == 0 ? 1 : extents[c.Reduced - 1], step = c.Reduced == 0 ? 0 : extents[(2 * c.Reduced) - 1];
        double sum = TReduction.Start;
        for (int outer = 0; outer < c.Elements / run; outer++)
        {
            float* at = x + Offset(extents, c.Reduced, outer * run);
            for (int i = 0; i < run; i++)
                sum = TReduction.Add(sum, at[(long)i * step], shift);
        }

        return sum;
    }

    /// <summary>Where the element of a given number lies; extents and steps are the two halves of <paramref name="levels"/>.</summary>
    public static long Offset(int* levels, int count, int number)
    {
        long offset = 0;
        for (int level = count - 1; level >= 0; level--)
        {
            offset += (long)(number % levels[level]) * levels[count + level];
            number /= levels[level];
        }

        return offset;
    }

    private readonly struct Sum : IReduction
    {
        public static double Start => 0;

        public static double Add(double sum, double x, double shift) => sum + x;
    }

    private readonly struct SumOfMagnitudes : IReduction
    {
        public static double Start => 0;

        public static double Add(double sum, double x, double shift) => sum + Math.Abs(x);
    }

    private readonly struct SumOfSquares : IReduction
    {
        public static double Start => 0;

        public static double Add(double sum, double x, double shift) => sum + (x * x);
    }

    private readonly struct SumOfExponentials : IReduction
    {
        public static double Start => 0;

        public static double Add(double sum, double x, double shift) => sum + Math.Exp(x - shift);
    }

    private readonly struct Product : IReduction
    {
        public static double Start => 1;

        public static double Add(double sum, double x, double shift) => sum * x;
    }

    private readonly struct Largest : IReduction
    {
        public static double Start => double.NegativeInfinity;

        public static double Add(double sum, double x, double shift) => Math.Max(sum, x);
    }

    private readonly struct Smallest : IReduction
    {
        public static double Start => double.PositiveInfinity;

        public static double Add(double sum, double x, double shift) => Math.Min(sum, x);
    }

    private readonly record struct Constants(int Function, int Kept, int Reduced, int Elements, int Channels, int Blocks, int Area);
}
