using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Distances at the places that count, forward and backward. An item is a batch item, whose sums go to scratch; then those are summed in
/// order, so that the sum does not depend on the number of threads. What all places count together is saved where a plan asks for it.
/// </summary>
internal static unsafe class BoxRegressionKernel
{
    public static CpuDispatch Plan(BoxRegression loss, LayerCall call)
    {
        var constants = Constants.Of(loss, call.Input.Shape);
        return CpuDispatch.Create(&Sums, constants, constants.Batch).WithScratch(4L * constants.Batch).Then(WeightedMeanKernel.Plan(constants.Batch, call.Outputs.Length > 1));
    }

    public static CpuDispatch PlanGradient(BoxRegression loss, LayerCall call)
    {
        var constants = Constants.Of(loss, call.Output.Shape);
        return CpuDispatch.Create(&Backward, constants, constants.Batch);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Sums(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int n = from; n < to; n++)
        {
            float* x = arguments->Inputs[0] + ((long)n * c.Channels * c.Area), counts = arguments->Inputs[1] + ((long)n * (c.Channels + 1) * c.Area), t = counts + c.Area;
            double sum = 0, weight = 0;
            for (int place = 0; place < c.Area; place++)
            {
                if (counts[place] == 0)
                    continue;
                weight += counts[place];
                for (int i = place; i < c.Channels * c.Area; i += c.Area)
                    sum += counts[place] * Value((double)x[i] - t[i], c.Beta);
            }

            double* sums = (double*)arguments->Scratch[0] + (2L * n);
            (sums[0], sums[1]) = (sum, weight);
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Backward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        double scale = (double)arguments->Inputs[0][0] / arguments->Inputs[3][0];
        for (int n = from; n < to; n++)
        {
            long item = (long)n * c.Channels * c.Area;
            float* x = arguments->Inputs[1] + item, dx = arguments->Output + item, counts = arguments->Inputs[2] + ((long)n * (c.Channels + 1) * c.Area), t = counts + c.Area;
            new Span<float>(dx, c.Channels * c.Area).Clear();
            for (int place = 0; place < c.Area; place++)
            {
                for (int i = place; counts[place] != 0 && i < c.Channels * c.Area; i += c.Area)
                    dx[i] = (float)(scale * counts[place] * Slope((double)x[i] - t[i], c.Beta));
            }
        }
    }

    private static double Value(double d, float beta) => Math.Abs(d) < beta ? d * d / (2 * beta) : Math.Abs(d) - (beta / 2.0);

    /// <summary>NaN stays NaN; where both are equal, the slope is 0.</summary>
    private static double Slope(double d, float beta) => Math.Abs(d) < beta ? d / beta : d > 0 ? 1 : d < 0 ? -1 : d;

    private readonly record struct Constants(int Batch, int Channels, int Area, float Beta)
    {
        public static Constants Of(BoxRegression loss, Shape x) => new(x[0], x[1], x.Product(2, x.Rank), loss.Beta);
    }
}
