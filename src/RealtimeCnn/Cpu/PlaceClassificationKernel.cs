using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Softmax cross-entropy at the places that count, forward and backward. An item is a batch item, whose sums go to scratch; then those are
/// summed in order, so that the sum does not depend on the number of threads. What all places count together is saved where a plan asks for it.
/// </summary>
internal static unsafe class PlaceClassificationKernel
{
    public static CpuDispatch Plan(PlaceClassification loss, LayerCall call)
    {
        var constants = Constants.Of(call.Input.Shape);
        return CpuDispatch.Create(&Sums, constants, constants.Batch).WithScratch(4L * constants.Batch).Then(WeightedMeanKernel.Plan(constants.Batch, call.Outputs.Length > 1));
    }

    public static CpuDispatch PlanGradient(PlaceClassification loss, LayerCall call)
    {
        var constants = Constants.Of(call.Output.Shape);
        return CpuDispatch.Create(&Backward, constants, constants.Batch);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Sums(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int n = from; n < to; n++)
        {
            float* x = arguments->Inputs[0] + ((long)n * c.Classes * c.Area), labels = arguments->Inputs[1] + (2L * n * c.Area), counts = labels + c.Area;
            double sum = 0, weight = 0;
            for (int place = 0; place < c.Area; place++)
            {
                if (counts[place] == 0)
                    continue;
                weight += counts[place];
                double all = Exponentials(x + place, in c, out float largest);
                // A target that is no label, as only a graph that nobody verified has it, makes the loss NaN.
                sum += counts[place] * (labels[place] >= 0 && labels[place] < c.Classes ? Math.Log(all) - ((double)x[((long)labels[place] * c.Area) + place] - largest) : double.NaN);
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
            long item = (long)n * c.Classes * c.Area;
            float* x = arguments->Inputs[1] + item, dx = arguments->Output + item, labels = arguments->Inputs[2] + (2L * n * c.Area), counts = labels + c.Area;
            new Span<float>(dx, c.Classes * c.Area).Clear();
            for (int place = 0; place < c.Area; place++)
            {
                if (counts[place] == 0)
                    continue;
                double all = Exponentials(x + place, in c, out float largest), weight = scale * counts[place];
                for (int k = 0; k < c.Classes; k++)
                {
                    int at = (k * c.Area) + place;
                    dx[at] = (float)(weight * ((Math.Exp((double)x[at] - largest) / all) - (k == labels[place] ? 1 : 0)));
                }
            }
        }
    }

    /// <summary>The sum of all classes' exponentials at a place, below the largest.</summary>
    private static double Exponentials(float* x, in Constants c, out float largest)
    {
        largest = x[0];
        for (int k = 1; k < c.Classes; k++)
            largest = Math.Max(largest, x[k * c.Area]);
        double sum = 0;
        for (int k = 0; k < c.Classes; k++)
            sum += Math.Exp((double)x[k * c.Area] - largest);
        return sum;
    }

    private readonly record struct Constants(int Batch, int Classes, int Area)
    {
        public static Constants Of(Shape x) => new(x[0], x[1], x.Product(2, x.Rank));
    }
}
