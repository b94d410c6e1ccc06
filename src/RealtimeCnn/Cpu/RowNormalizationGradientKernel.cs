using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradients of a normalisation of rows, in double. With x̂ = (x − mean) / deviation, g = dy·scale and means over a row:
/// <c>dx = (g − mean(g) − x̂·mean(g·x̂)) / deviation</c>; <c>dscale = Σ dy·x̂</c> and <c>dbias = Σ dy</c> over all elements that share a
/// scale. First an item is one row, whose mean and deviation are kept, then one scale.
/// </summary>
/// <remarks>Source: Ba, Kiros and Hinton 2016, "Layer Normalization", arXiv:1607.06450, supplement.</remarks>
internal static unsafe class RowNormalizationGradientKernel
{
    /// <summary>Floats that hold mean and inverse deviation of a row as doubles.</summary>
    private const int FloatsOfRow = 4;

    public static CpuDispatch Plan(LayerCall call, NormalizedRows rows) => rows.Length == 0 || rows.Rows == 0
        ? CpuDispatch.Create(&Parameters, rows, rows.Length == 0 ? 0 : rows.Cycle * (rows.Length / rows.Run))
        : CpuDispatch.Create(&Rows, rows, rows.Rows, VectorPacking.Of(call, 0))
            .Then(CpuDispatch.Create(&Parameters, rows, rows.Cycle * (rows.Length / rows.Run)))
            .WithScratch((long)FloatsOfRow * rows.Rows);

    [MethodImpl(KernelCode.Optimized)]
    private static void Rows(CpuArguments* arguments, int from, int to)
    {
        ref readonly var rows = ref *(NormalizedRows*)arguments->Constants;
        for (int row = from; row < to; row++)
        {
            long first = (long)row * rows.Length;
            float* dy = arguments->Inputs[0] + first, x = arguments->Inputs[1] + first, dx = arguments->Output + first;
            float* scale = arguments->Weights[0] + (row % rows.Cycle * (rows.Length / rows.Run));
            var (mean, inverse) = RowNormalizationKernel.Measure(x, rows.Length, rows.Epsilon);
            double* kept = (double*)(arguments->Scratch[0] + ((long)row * FloatsOfRow));
            (kept[0], kept[1]) = (mean, inverse);
            double sum = 0, product = 0;
            for (int i = 0; i < rows.Length; i++)
            {
                double g = (double)dy[i] * scale[i / rows.Run];
                sum += g;
                product += g * ((x[i] - mean) * inverse);
            }

            (sum, product) = (sum / rows.Length, product / rows.Length);
            for (int i = 0; i < rows.Length; i++)
                dx[i] = (float)(inverse * (((double)dy[i] * scale[i / rows.Run]) - sum - ((x[i] - mean) * inverse * product)));
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Parameters(CpuArguments* arguments, int from, int to)
    {
        ref readonly var rows = ref *(NormalizedRows*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            var (cycle, s) = Math.DivRem(item, rows.Length / rows.Run);
            double dscale = 0, dbias = 0;
            for (int row = cycle; row < rows.Rows; row += rows.Cycle)
            {
                long first = ((long)row * rows.Length) + ((long)s * rows.Run);
                float* dy = arguments->Inputs[0] + first, x = arguments->Inputs[1] + first;
                double* kept = (double*)(arguments->Scratch[0] + ((long)row * FloatsOfRow));
                for (int i = 0; i < rows.Run; i++)
                {
                    dbias += dy[i];
                    dscale += dy[i] * ((x[i] - kept[0]) * kept[1]);
                }
            }

            arguments->Outputs[1][item] = (float)dscale;
            arguments->Outputs[2][item] = (float)dbias;
        }
    }
}
