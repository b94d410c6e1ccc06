using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>Softmax and its logarithm: 16 neighbouring lines at a time where lines lie side by side, else one.</summary>
internal static unsafe class SoftmaxKernel
{
    public static CpuDispatch Plan(SoftmaxLayer layer, LayerCall call)
    {
        var (outer, length, inner) = layer.Lines(call.Input.Shape);
        int parts = (inner + Lanes.Count - 1) / Lanes.Count;
        return CpuDispatch.Create(&Forward, new Constants(length, inner, parts, layer.IsLogarithm), length == 0 ? 0 : outer * parts);
    }

    /// <summary>An item is up to 16 neighbouring lines: one vector of them, or each for itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int first = item % c.Parts * Lanes.Count, lines = Math.Min(Lanes.Count, c.Inner - first);
            long at = ((long)(item / c.Parts) * c.Length * c.Inner) + first;
            if (lines == Lanes.Count)
            {
                ForwardVector(arguments->Inputs[0] + at, arguments->Output + at, in c);
                continue;
            }

            for (int line = 0; line < lines; line++)
                ForwardLine(arguments->Inputs[0] + at + line, arguments->Output + at + line, in c);
        }
    }

    private static void ForwardVector(float* x, float* y, in Constants c)
    {
        long end = (long)c.Length * c.Inner;
        var largest = Vector512.Load(x);
        for (long i = c.Inner; i < end; i += c.Inner)
            largest = Vector512.Max(largest, Vector512.Load(x + i));
        var sum = Vector512<float>.Zero;
        for (long i = 0; i < end; i += c.Inner)
        {
            var shifted = Vector512.Load(x + i) - largest;
            var power = Vector512.Exp(shifted);
            sum += power;
            Vector512.Store(c.IsLogarithm ? shifted : power, y + i);
        }

        var scale = c.IsLogarithm ? Vector512.Log(sum) : Vector512<float>.One / sum;
        for (long i = 0; i < end; i += c.Inner)
        {
            var value = Vector512.Load(y + i);
            Vector512.Store(c.IsLogarithm ? value - scale : value * scale, y + i);
        }
    }

    private static void ForwardLine(float* x, float* y, in Constants c)
    {
        long end = (long)c.Length * c.Inner;
        float largest = x[0];
        for (long i = c.Inner; i < end; i += c.Inner)
            largest = Math.Max(largest, x[i]);
        double sum = 0;
        for (long i = 0; i < end; i += c.Inner)
        {
            float shifted = x[i] - largest, power = MathF.Exp(shifted);
            sum += power;
            y[i] = c.IsLogarithm ? shifted : power;
        }

        float scale = (float)(c.IsLogarithm ? Math.Log(sum) : 1 / sum);
        for (long i = 0; i < end; i += c.Inner)
            y[i] = c.IsLogarithm ? y[i] - scale : y[i] * scale;
    }

    private readonly record struct Constants(int Length, int Inner, int Parts, bool IsLogarithm);
}
