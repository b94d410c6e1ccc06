using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The loss of heat maps, forward and backward. Forward, an item is a fixed number of elements, whose sum and whose number of centres
/// go to scratch; then those are summed in order, so that the sum does not depend on the number of threads. Where a plan asks for them,
/// slopes and number are saved, since they cost little beside the value; backward is <c>dx = dy/number · slope</c>.
/// </summary>
internal static unsafe class CentreFocalKernel
{
    private const int PerItem = 4096;

    public static CpuDispatch Plan(CentreFocal loss, LayerCall call)
    {
        var constants = new Constants(call.Input.Shape.Count, loss.Alpha, loss.Beta, call.Outputs.Length > 1 ? 1 : 0);
        return CpuDispatch.Create(&Sums, constants, constants.Items).WithScratch(2L * constants.Items, constants.Items).Then(CpuDispatch.Create(&Total, constants, 1));
    }

    public static CpuDispatch PlanGradient(CentreFocal loss, LayerCall call)
    {
        var constants = new Constants(call.Output.Shape.Count, loss.Alpha, loss.Beta, 1);
        return CpuDispatch.Create(&Backward, constants, constants.Items);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Sums(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        float* slopes = c.Saves == 0 ? null : arguments->Outputs[1];
        for (int item = from; item < to; item++)
        {
            double sum = 0;
            int centres = 0, end = (int)Math.Min((item + 1L) * PerItem, c.Count);
            for (int i = item * PerItem; i < end; i++)
            {
                var (value, slope) = Element(arguments->Inputs[0][i], arguments->Inputs[1][i], c.Alpha, c.Beta);
                sum += value;
                centres += arguments->Inputs[1][i] == 1 ? 1 : 0;
                if (slopes != null)
                    slopes[i] = slope;
            }

            ((double*)arguments->Scratch[0])[item] = sum;
            ((int*)arguments->Scratch[1])[item] = centres;
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Total(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        double sum = 0;
        int centres = 0;
        for (int item = 0; item < c.Items; item++)
        {
            sum += ((double*)arguments->Scratch[0])[item];
            centres += ((int*)arguments->Scratch[1])[item];
        }

        int number = Math.Max(1, centres);
        arguments->Outputs[0][0] = (float)(sum / number);
        if (c.Saves != 0)
            arguments->Outputs[2][0] = number;
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Backward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        float scale = arguments->Inputs[0][0] / arguments->Inputs[2][0];
        int end = (int)Math.Min((long)to * PerItem, c.Count);
        for (int i = from * PerItem; i < end; i++)
            arguments->Output[i] = scale * arguments->Inputs[1][i];
    }

    /// <summary>The loss of one element, and its slope along x.</summary>
    private static (double Value, float Slope) Element(double x, double t, float alpha, float beta)
    {
        // e^−|x|, so that nothing overflows: sigmoid of x and of −x, and both logarithms.
        double e = Math.Exp(-Math.Abs(x)), share = 1 / (1 + e), rest = Math.Log(1 + e);
        double p = x >= 0 ? share : e * share, q = x >= 0 ? e * share : share;
        if (t == 1)
        {
            double log = Math.Min(x, 0) - rest, weight = Power(q, alpha);
            return (-weight * log, (float)(weight * ((alpha * p * log) - q)));
        }
        else
        {
            double log = -Math.Max(x, 0) - rest, weight = Power(1 - t, beta) * Power(p, alpha);
            return (-weight * log, (float)(weight * (p - (alpha * q * log))));
        }
    }

    /// <summary>The powers that the papers use are products.</summary>
    private static double Power(double x, float exponent) => exponent switch { 2 => x * x, 4 => x * x * (x * x), _ => Math.Pow(x, exponent) };

    private readonly record struct Constants(int Count, float Alpha, float Beta, int Saves)
    {
        public int Items => (int)(((long)Count + PerItem - 1) / PerItem);
    }
}
