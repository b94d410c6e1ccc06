using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// <c>y = (x − mean) / sqrt(variance + epsilon) · scale + bias</c> over rows of a row-major tensor, in double; an item is one row, whose
/// elements are summed in 16 lanes and these in order.
/// </summary>
internal static unsafe class RowNormalizationKernel
{
    public static CpuDispatch Plan(LayerCall call, NormalizedRows rows) =>
        CpuDispatch.Create(&Forward, rows, rows.Length == 0 ? 0 : rows.Rows, VectorPacking.Of(call, 0), VectorPacking.Of(call, 1));

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var rows = ref *(NormalizedRows*)arguments->Constants;
        int scales = rows.Length / rows.Run;
        for (int row = from; row < to; row++)
        {
            float* x = arguments->Inputs[0] + ((long)row * rows.Length), y = arguments->Output + ((long)row * rows.Length);
            float* scale = arguments->Weights[0] + (row % rows.Cycle * scales), bias = arguments->Weights[1] + (row % rows.Cycle * scales);
            var (mean, inverse) = Measure(x, rows.Length, rows.Epsilon);
            if (rows.Run == 1)
            {
                Apply<Each>(x, y, rows.Length, mean, inverse, scale, bias);
                continue;
            }

            for (int s = 0; s < scales; s++, x += rows.Run, y += rows.Run)
                Apply<Shared>(x, y, rows.Run, mean, inverse, scale + s, bias + s);
        }
    }

    /// <summary>Mean and inverse deviation of a row.</summary>
    public static (double Mean, double Inverse) Measure(float* x, int length, float epsilon)
    {
        double mean = Sum<Elements>(x, length, 0) / length, variance = Sum<Squares>(x, length, mean) / length;
        return (mean, 1 / Math.Sqrt(variance + epsilon));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum<TTerm>(float* x, int count, double mean)
        where TTerm : ITerm
    {
        Vector512<double> lower = default, upper = default, centre = Vector512.Create(mean);
        int i = 0;
        for (; i <= count - Lanes.Count; i += Lanes.Count)
        {
            var (first, second) = Vector512.Widen(Vector512.Load(x + i));
            lower += TTerm.Of(first, centre);
            upper += TTerm.Of(second, centre);
        }

        lower += upper;
        double sum = 0;
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
            sum += lower[lane];
        for (; i < count; i++)
            sum += TTerm.Of(Vector512.CreateScalar((double)x[i]), centre)[0];
        return sum;
    }

    /// <summary>The elements [0, count) of a row, or of a part of one that shares a scale.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Apply<TScale>(float* x, float* y, int count, double mean, double inverse, float* scale, float* bias)
        where TScale : IScale
    {
        Vector512<double> centre = Vector512.Create(mean), factor = Vector512.Create(inverse);
        int i = 0;
        for (; i <= count - Lanes.Count; i += Lanes.Count)
        {
            var (lower, upper) = Vector512.Widen(Vector512.Load(x + i));
            var (scaleLower, scaleUpper) = Vector512.Widen(TScale.Load(scale, i));
            var (biasLower, biasUpper) = Vector512.Widen(TScale.Load(bias, i));
            Vector512.Narrow(((lower - centre) * (factor * scaleLower)) + biasLower, ((upper - centre) * (factor * scaleUpper)) + biasUpper).Store(y + i);
        }

        for (; i < count; i++)
        {
            int s = TScale.IsShared ? 0 : i;
            y[i] = (float)(((x[i] - mean) * (inverse * scale[s])) + bias[s]);
        }
    }

    /// <summary>What is summed of each element.</summary>
    private interface ITerm
    {
        static abstract Vector512<double> Of(Vector512<double> x, Vector512<double> mean);
    }

    private readonly struct Elements : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Of(Vector512<double> x, Vector512<double> mean) => x;
    }

    private readonly struct Squares : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Of(Vector512<double> x, Vector512<double> mean) => (x - mean) * (x - mean);
    }

    /// <summary>Whether elements have a scale each.</summary>
    private interface IScale
    {
        static abstract bool IsShared { get; }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static virtual Vector512<float> Load(float* scale, int i) => Vector512.Load(scale + i);
    }

    private readonly struct Each : IScale
    {
        public static bool IsShared => false;
    }

    private readonly struct Shared : IScale
    {
        public static bool IsShared => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Load(float* scale, int i) => Vector512.Create(*scale);
    }
}
