using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// <c>y = (x − mean) / sqrt(variance + epsilon) · scale + bias</c> over rows of a row-major tensor, in double; an item is one row.
/// </summary>
internal static unsafe class RowNormalizationKernel
{
    public static CpuDispatch Plan(LayerCall call, NormalizedRows rows) =>
        CpuDispatch.Create(&Forward, rows, rows.Length == 0 ? 0 : rows.Rows, VectorPacking.Of(call, 0), VectorPacking.Of(call, 1));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var rows = ref *(NormalizedRows*)arguments->Constants;
        int scales = rows.Length / rows.Run;
        for (int row = from; row < to; row++)
        {
            var x = new ReadOnlySpan<float>(arguments->Inputs[0] + ((long)row * rows.Length), rows.Length);
            float* y = arguments->Output + ((long)row * rows.Length);
            float* scale = arguments->Weights[0] + (row % rows.Cycle * scales), bias = arguments->Weights[1] + (row % rows.Cycle * scales);
            var (mean, variance) = Measure(x);
            double inverse = 1 / Math.Sqrt(variance + rows.Epsilon);
            for (int s = 0, i = 0; s < scales; s++)
            {
                double factor = inverse * scale[s], offset = bias[s];
                for (int end = i + rows.Run; i < end; i++)
                    y[i] = (float)(((x[i] - mean) * factor) + offset);
            }
        }
    }

    private static (double Mean, double Variance) Measure(ReadOnlySpan<float> x)
    {
        double sum = 0, squares = 0;
        foreach (float value in x)
            sum += value;
        double mean = sum / x.Length;
        foreach (float value in x)
            squares += (value - mean) * (value - mean);
        return (mean, squares / x.Length);
    }
}
