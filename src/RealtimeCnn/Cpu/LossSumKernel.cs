using System.Runtime.CompilerServices;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary><c>y = Σ w_i · x_i</c> of single numbers, in the order of the inputs; and <c>dx_i = w_i · dy</c>.</summary>
internal static unsafe class LossSumKernel
{
    public static CpuDispatch Plan(LossSum layer) => CpuDispatch.CreateWithTable(&Forward, layer.Weights.Count, Bits(layer), 1);

    public static CpuDispatch PlanGradient(LossSum layer) => CpuDispatch.CreateWithTable(&Backward, layer.Weights.Count, Bits(layer), 1);

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        float* weights = (float*)CpuDispatch.Table<int>(arguments);
        float sum = 0;
        for (int i = 0; i < *(int*)arguments->Constants; i++)
            sum += weights[i] * arguments->Inputs[i][0];
        arguments->Output[0] = sum;
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Backward(CpuArguments* arguments, int from, int to)
    {
        float* weights = (float*)CpuDispatch.Table<int>(arguments);
        for (int i = 0; i < *(int*)arguments->Constants; i++)
            arguments->Outputs[i][0] = weights[i] * arguments->Inputs[0][0];
    }

    private static int[] Bits(LossSum layer) => [.. layer.Weights.Select(BitConverter.SingleToInt32Bits)];
}
