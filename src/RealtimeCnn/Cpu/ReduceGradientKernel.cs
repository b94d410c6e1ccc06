using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradient of a reduction over a <see cref="ReduceLoop"/>: dy times the slope of y by each of its elements, in double. All of it goes
/// to the first largest or smallest element. An item is one element of y, and all elements of x that it is made of.
/// </summary>
internal static unsafe class ReduceGradientKernel
{
    /// <summary>Blocks where the forward kernel keeps them.</summary>
    public static LayoutChoice Formats(LayerCall call) => LayoutRules.Reduce(call with { Inputs = [call.Inputs[1]] });

    public static CpuDispatch Plan(Reduce layer, LayerCall call)
    {
        var loop = ReduceLoop.Of(layer, call with { Inputs = [call.Inputs[1]], Outputs = [call.Inputs[0]] }, Lanes.Count);
        int[] table = [.. loop.Kept.Select(level => level.Extent), .. loop.Kept.Select(level => level.Step), .. loop.Reduced.Select(level => level.Extent), .. loop.Reduced.Select(level => level.Step)];
        var constants = new Constants(layer.Function, loop.Kept.Length, loop.Reduced.Length, loop.Elements, loop.Channels, BlockedLayout.Blocks(loop.Channels, Lanes.Count), loop.Area);
        return CpuDispatch.CreateWithTable(&Backward, constants, table, loop.Outputs);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Backward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int* kept = CpuDispatch.Table<Constants>(arguments), reduced = kept + (2 * c.Kept);
        int run = c.Reduced == 0 ? 1 : reduced[c.Reduced - 1], step = c.Reduced == 0 ? 0 : reduced[(2 * c.Reduced) - 1];
        for (int item = from; item < to; item++)
        {
            long start = ReduceKernel.Offset(kept, c.Kept, item);
            bool isTail = c.Channels != 0 && (item / (Lanes.Count * c.Area) % c.Blocks * Lanes.Count) + (item % Lanes.Count) >= c.Channels;
            double dy = isTail ? 0 : arguments->Inputs[0][item], y = arguments->Inputs[2][item];
            // All other elements' product, where one or more are zero.
            double others = c.Function == ReduceFunction.Product && y == 0 ? Others(arguments->Inputs[1] + start, in c, reduced) : 0;
            bool isOpen = true;
            for (int outer = 0; outer < c.Elements; outer += run)
            {
                long at = start + ReduceKernel.Offset(reduced, c.Reduced, outer);
                for (int i = 0; i < run; i++, at += step)
                {
                    double x = arguments->Inputs[1][at];
                    arguments->Output[at] = isTail ? 0 : (float)(dy * Slope(in c, x, y, others, ref isOpen));
                }
            }
        }
    }

    private static double Slope(in Constants c, double x, double y, double others, ref bool isOpen)
    {
        switch (c.Function)
        {
            case ReduceFunction.Max or ReduceFunction.Min:
                bool isTaken = isOpen && (x == y || (double.IsNaN(x) && double.IsNaN(y)));
                isOpen &= !isTaken;
                return isTaken ? 1 : 0;
            case ReduceFunction.Product:
                return y != 0 ? y / x : x == 0 ? others : 0;
            default:
                return c.Function switch
                {
                    ReduceFunction.Mean => 1.0 / c.Elements,
                    ReduceFunction.Sum => 1,
                    ReduceFunction.L1 => double.IsNaN(x) ? x : Math.Sign(x),
                    // 0 where all are 0, as in PyTorch.
                    ReduceFunction.L2 => y == 0 ? 0 : x / y,
                    ReduceFunction.LogSum => Math.Exp(-y),
                    ReduceFunction.LogSumExp => Math.Exp(x - y),
                    _ => 2 * x,
                };
        }
    }

    /// <summary>The product of all elements that are not 0, or 0 where more than one is.</summary>
    private static double Others(float* x, in Constants c, int* reduced)
    {
        double product = 1;
        int zeros = 0;
        for (int i = 0; i < c.Elements; i++)
        {
            double value = x[ReduceKernel.Offset(reduced, c.Reduced, i)];
            zeros += value == 0 ? 1 : 0;
            product *= value == 0 ? 1 : value;
        }

        return zeros == 1 ? product : 0;
    }

    private readonly record struct Constants(ReduceFunction Function, int Kept, int Reduced, int Elements, int Channels, int Blocks, int Area);
}
