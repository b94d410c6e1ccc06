using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Softmax cross-entropy from logits, forward and backward. Forward, an item is a batch item, whose loss goes to scratch; then they are
/// summed in order, so that the sum does not depend on the number of threads. Where a plan asks for them, the probabilities are saved,
/// and backward is <c>dx[n,k] = dy/N · (p[n,k] − (k = label[n] ? 1 : 0))</c>.
/// </summary>
internal static unsafe class SoftmaxCrossEntropyKernel
{
    public static CpuDispatch Plan(LayerCall call)
    {
        var x = call.Input.Shape;
        var constants = new Constants(x[0], x[1], call.Outputs.Length > 1 ? 1 : 0);
        return CpuDispatch.Create(&Rows, constants, x[0]).WithScratch(x[0]).Then(CpuDispatch.Create(&Mean, constants, 1));
    }

    public static CpuDispatch PlanGradient(LayerCall call)
    {
        var x = call.Inputs[1].Shape;
        return CpuDispatch.Create(&Backward, new Constants(x[0], x[1], 1), x[0]);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Rows(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int n = from; n < to; n++)
        {
            var x = new ReadOnlySpan<float>(arguments->Inputs[0] + ((long)n * c.Classes), c.Classes);
            float largest = x[0];
            foreach (float logit in x)
                largest = Math.Max(largest, logit);
            double sum = 0;
            foreach (float logit in x)
                sum += Math.Exp((double)logit - largest);
            float label = arguments->Inputs[1][n];
            bool isClass = label >= 0 && label < c.Classes;
            arguments->Scratch[0][n] = isClass ? (float)(Math.Log(sum) - ((double)x[(int)label] - largest)) : float.NaN;
            if (c.Saves == 0)
                continue;
            float* p = arguments->Outputs[1] + ((long)n * c.Classes);
            for (int k = 0; k < c.Classes; k++)
                p[k] = (float)(Math.Exp((double)x[k] - largest) / sum);
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Mean(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        double sum = 0;
        for (int n = 0; n < c.Batch; n++)
            sum += arguments->Scratch[0][n];
        arguments->Output[0] = (float)(sum / c.Batch);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Backward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        float scale = arguments->Inputs[0][0] / c.Batch;
        for (int n = from; n < to; n++)
        {
            float* p = arguments->Inputs[3] + ((long)n * c.Classes), dx = arguments->Output + ((long)n * c.Classes);
            float label = arguments->Inputs[2][n];
            for (int k = 0; k < c.Classes; k++)
                dx[k] = scale * (p[k] - (k == label ? 1 : 0));
        }
    }

    private readonly record struct Constants(int Batch, int Classes, int Saves);
}
