using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
        var lanes = Vector512<int>.Indices;
        for (int item = from; item < to; item++)
        {
            var low = Vector512<double>.Zero;
            var high = Vector512<double>.Zero;
            var centres = Vector512<int>.Zero;
            int end = (int)Math.Min((item + 1L) * PerItem, c.Count);
            for (int i = item * PerItem; i < end; i += Lanes.Count)
            {
                // Behind the last element there is memory, but nothing in it that counts.
                var exists = Vector512.LessThan(lanes, Vector512.Create(end - i));
                var t = Vector512.Load(arguments->Inputs[1] + i);
                var isCentre = Vector512.Equals(t, Vector512<float>.One);
                var value = Element(Vector512.Load(arguments->Inputs[0] + i), t, isCentre, in c, out var slope) & exists.AsSingle();
                var (first, second) = Vector512.Widen(value);
                low += first;
                high += second;
                centres -= isCentre.AsInt32() & exists;
                if (slopes != null)
                    Vector512.Store(slope, slopes + i);
            }

            ((double*)arguments->Scratch[0])[item] = InOrder(low) + InOrder(high);
            ((int*)arguments->Scratch[1])[item] = Vector512.Sum(centres);
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

    /// <summary>The loss of elements, and its slope along x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Element(Vector512<float> x, Vector512<float> t, Vector512<float> isCentre, in Constants c, out Vector512<float> slope)
    {
        var p = VectorMath.Sigmoid(x);
        var q = VectorMath.Sigmoid(-x);
        var log = -VectorMath.Softplus(Vector512.ConditionalSelect(isCentre, -x, x));
        var alpha = Vector512.Create(c.Alpha);
        var weight = Vector512.ConditionalSelect(isCentre, Power(q, c.Alpha), Power(Vector512<float>.One - t, c.Beta) * Power(p, c.Alpha));
        slope = weight * Vector512.ConditionalSelect(isCentre, (alpha * p * log) - q, p - (alpha * q * log));
        return -weight * log;
    }

    /// <summary>The powers that the papers use are products.</summary>
    private static Vector512<float> Power(Vector512<float> x, float exponent) => exponent switch { 0 => Vector512<float>.One, 2 => x * x, 4 => x * x * (x * x), _ => Lanes.Pow(x, Vector512.Create(exponent)) };

    private static double InOrder(Vector512<double> values)
    {
        double sum = 0;
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
            sum += values[lane];
        return sum;
    }

    private readonly record struct Constants(int Count, float Alpha, float Beta, int Saves)
    {
        public int Items => (int)(((long)Count + PerItem - 1) / PerItem);
    }
}
