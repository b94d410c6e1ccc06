using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradient of a softmax from its value, <c>dx[i] = y[i]·(dy[i] − Σ over j of dy[j]·y[j])</c>, and of its logarithm,
/// <c>dx[i] = dy[i] − e^y[i]·Σ over j of dy[j]</c>; sums in double. An item is one line.
/// </summary>
internal static unsafe class SoftmaxGradientKernel
{
    public static CpuDispatch Plan(SoftmaxLayer layer, LayerCall call)
    {
        var (outer, length, inner) = layer.Lines(call.Input.Shape);
        return CpuDispatch.Create(&Backward, new Constants(length, inner, layer.IsLogarithm), length == 0 ? 0 : outer * inner);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Backward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            var (outer, place) = Math.DivRem(item, c.Inner);
            long start = ((long)outer * c.Length * c.Inner) + place, end = start + ((long)c.Length * c.Inner);
            float* dy = arguments->Inputs[0], y = arguments->Inputs[1], dx = arguments->Output;
            double sum = 0;
            for (long i = start; i < end; i += c.Inner)
                sum += c.IsLogarithm ? dy[i] : (double)dy[i] * y[i];
            for (long i = start; i < end; i += c.Inner)
                dx[i] = (float)(c.IsLogarithm ? dy[i] - (Math.Exp(y[i]) * sum) : y[i] * (dy[i] - sum));
        }
    }

    private readonly record struct Constants(int Length, int Inner, bool IsLogarithm);
}
