using System.Runtime.CompilerServices;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The end of a loss whose places count differently: scratch has a sum and a weight of each batch item, as doubles; the output is all sums
/// over all weights, which are taken as 1 where they are less. Where a plan asks for it, the weight is saved.
/// </summary>
internal static unsafe class WeightedMeanKernel
{
    public static CpuDispatch Plan(int batch, bool isSaved) => CpuDispatch.Create(&Total, new Constants(batch, isSaved ? 1 : 0), 1);

    [MethodImpl(KernelCode.Optimized)]
    private static void Total(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        double sum = 0, weight = 0;
        for (int n = 0; n < c.Batch; n++)
        {
            double* sums = (double*)arguments->Scratch[0] + (2L * n);
            sum += sums[0];
            weight += sums[1];
        }

        weight = Math.Max(1, weight);
        arguments->Outputs[0][0] = (float)(sum / weight);
        if (c.Saves != 0)
            arguments->Outputs[1][0] = (float)weight;
    }

    private readonly record struct Constants(int Batch, int Saves);
}
