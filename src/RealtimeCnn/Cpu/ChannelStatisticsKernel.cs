using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// <c>y = (x − mean) / divisor · scale[c] + bias[c]</c> with statistics measured on the input, in double; lane = channel, an item
/// is one block of 16 channels of one picture. Where the divisor is 0, all elements equal their mean and y = bias.
/// </summary>
internal static unsafe class ChannelStatisticsKernel
{
    public static CpuDispatch Plan(LayerCall call, ChannelStatistics statistics, Parameter? scale, Parameter? bias)
    {
        var x = call.Input.Shape;
        int blocks = BlockedLayout.Blocks(x.Channels, Lanes.Count);
        var constants = new Constants(statistics, x.Channels, blocks, x.Area);
        return CpuDispatch.Create(&Forward, constants, x.Batch * blocks, Pack(x.Channels, Lanes.Count, scale, 1), Pack(x.Channels, Lanes.Count, bias, 0));
    }

    /// <summary>A value for each channel in whole blocks; the same for all where the layer has no such parameter.</summary>
    public static PackedWeights Pack(int channels, int block, Parameter? values, float otherwise) =>
        values == null ? FillPacking.Of(channels, block, otherwise) : new(new VectorPacking(channels, block), values);

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        long plane = c.Area * (long)Lanes.Count;
        for (int item = from; item < to; item++)
        {
            int block = item % c.Blocks;
            float* x = arguments->Inputs[0] + (item * plane), y = arguments->Output + (item * plane);
            var (meanLower, meanUpper, divisor) = Measure(x, in c);
            var scale = Vector512.Load(arguments->Weights[0] + (block * Lanes.Count));
            var bias = Vector512.Load(arguments->Weights[1] + (block * Lanes.Count));
            var factor = Vector512.ConditionalSelect(Vector512.Equals(divisor, Vector512<float>.Zero), Vector512<float>.Zero, scale / divisor);
            for (int i = 0; i < c.Area; i++)
            {
                // Centred in double: far from zero, a mean in float would cost digits.
                var (lower, upper) = Vector512.Widen(Vector512.Load(x + (i * (long)Lanes.Count)));
                var value = Lanes.MultiplyAdd(Vector512.Narrow(lower - meanLower, upper - meanUpper), factor, bias);
                Vector512.StoreAligned(Lanes.KeepFirst(value, c.Channels - (block * Lanes.Count)), y + (i * (long)Lanes.Count));
            }
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static (Vector512<double> MeanLower, Vector512<double> MeanUpper, Vector512<float> Divisor) Measure(float* x, in Constants c)
    {
        var count = Vector512.Create((double)c.Area);
        Vector512<double> sumLower = default, sumUpper = default;
        for (int i = 0; i < c.Area; i++)
        {
            var (lower, upper) = Vector512.Widen(Vector512.Load(x + (i * (long)Lanes.Count)));
            sumLower += lower;
            sumUpper += upper;
        }

        Vector512<double> meanLower = sumLower / count, meanUpper = sumUpper / count;
        if (c.Statistics.Divisor == Divisor.Range)
            return (meanLower, meanUpper, RangeOf(x, in c));

        Vector512<double> squaresLower = default, squaresUpper = default;
        for (int i = 0; i < c.Area; i++)
        {
            var (lower, upper) = Vector512.Widen(Vector512.Load(x + (i * (long)Lanes.Count)));
            squaresLower += (lower - meanLower) * (lower - meanLower);
            squaresUpper += (upper - meanUpper) * (upper - meanUpper);
        }

        var epsilon = Vector512.Create((double)c.Statistics.Epsilon);
        Vector512<double> varianceLower = squaresLower / count, varianceUpper = squaresUpper / count;
        var deviation = Vector512.Narrow(Vector512.Sqrt(varianceLower + epsilon), Vector512.Sqrt(varianceUpper + epsilon));
        return (meanLower, meanUpper, deviation);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static Vector512<float> RangeOf(float* x, in Constants c)
    {
        var largest = Vector512.Create(float.NegativeInfinity);
        var smallest = Vector512.Create(float.PositiveInfinity);
        for (int i = 0; i < c.Area; i++)
        {
            var value = Vector512.Load(x + (i * (long)Lanes.Count));
            largest = Vector512.Max(largest, value);
            smallest = Vector512.Min(smallest, value);
        }

        return largest - smallest;
    }

    private readonly record struct Constants(ChannelStatistics Statistics, int Channels, int Blocks, int Area);
}
