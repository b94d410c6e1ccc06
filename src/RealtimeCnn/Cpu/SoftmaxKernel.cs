using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The softmax of up to 16 lines, which are an item: neighbours lie side by side and are a vector of lines; long lines whose elements are
/// neighbours are vectors of elements, one line after the other; of any others a vector of lines is gathered element by element.
/// </summary>
internal static unsafe class SoftmaxKernel
{
    public static CpuDispatch Plan(SoftmaxLayer layer, LayerCall call)
    {
        var (outer, length, inner) = layer.Lines(call.Input.Shape);
        // Groups of lines side by side end where the next element of the first begins.
        int group = inner >= Lanes.Count ? inner : outer * inner, groups = group == 0 ? 0 : outer * inner / group;
        int parts = (group + Lanes.Count - 1) / Lanes.Count;
        return CpuDispatch.Create(&Forward, new Constants(length, inner, group, parts, layer.IsLogarithm), length == 0 ? 0 : groups * parts);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        long* starts = stackalloc long[Lanes.Count];
        for (int item = from; item < to; item++)
        {
            int first = item % c.Parts * Lanes.Count, lines = Math.Min(Lanes.Count, c.Group - first);
            var (n, place) = Math.DivRem((item / c.Parts * (long)c.Group) + first, c.Inner);
            for (int line = 0; line < Lanes.Count; line++)
            {
                starts[line] = line >= lines ? starts[0] : (n * c.Length * c.Inner) + place;
                if (++place == c.Inner)
                    (n, place) = (n + 1, 0);
            }

            float* x = arguments->Inputs[0], y = arguments->Output;
            if (lines == Lanes.Count && c.Inner >= Lanes.Count)
            {
                ForwardLines<Neighbours>(x + starts[0], y + starts[0], in c, starts, lines);
            }
            else if (c.Inner > 1 || c.Length < Lanes.Count)
            {
                ForwardLines<Scattered>(x, y, in c, starts, lines);
            }
            else
            {
                for (int line = 0; line < lines; line++)
                    ForwardLine(x + starts[line], y + starts[line], in c);
            }
        }
    }

    /// <summary>Lane = line.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void ForwardLines<TLines>(float* x, float* y, in Constants c, long* starts, int lines)
        where TLines : ILines
    {
        long end = (long)c.Length * c.Inner;
        var largest = TLines.Load(x, starts);
        for (long i = c.Inner; i < end; i += c.Inner)
            largest = Vector512.Max(largest, TLines.Load(x + i, starts));
        var sum = Vector512<float>.Zero;
        for (long i = 0; i < end; i += c.Inner)
        {
            var shifted = TLines.Load(x + i, starts) - largest;
            var power = VectorMath.Exp(shifted);
            sum += power;
            TLines.Store(c.IsLogarithm ? shifted : power, y + i, starts, lines);
        }

        var scale = c.IsLogarithm ? Vector512.Log(sum) : Vector512<float>.One / sum;
        for (long i = 0; i < end; i += c.Inner)
        {
            var value = TLines.Load(y + i, starts);
            TLines.Store(c.IsLogarithm ? value - scale : value * scale, y + i, starts, lines);
        }
    }

    /// <summary>Lane = element; the last vector is filled up with −∞, whose power is 0.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void ForwardLine(float* x, float* y, in Constants c)
    {
        float* lanes = stackalloc float[Lanes.Count];
        int whole = c.Length & -Lanes.Count, rest = c.Length - whole;
        Vector512.Create(float.NegativeInfinity).Store(lanes);
        for (int i = 0; i < rest; i++)
            lanes[i] = x[whole + i];
        Vector512<float> last = Vector512.Load(lanes), most = last;
        for (int i = 0; i < whole; i += Lanes.Count)
            most = Vector512.Max(most, Vector512.Load(x + i));
        var half = Vector256.Max(most.GetLower(), most.GetUpper());
        var quarter = Vector128.Max(half.GetLower(), half.GetUpper());
        float largest = Math.Max(Math.Max(quarter[0], quarter[1]), Math.Max(quarter[2], quarter[3]));
        last -= Vector512.Create(largest);
        var sums = VectorMath.Exp(last);
        (c.IsLogarithm ? last : sums).Store(lanes);
        for (int i = 0; i < whole; i += Lanes.Count)
        {
            var shifted = Vector512.Load(x + i) - Vector512.Create(largest);
            var power = VectorMath.Exp(shifted);
            sums += power;
            Vector512.Store(c.IsLogarithm ? shifted : power, y + i);
        }

        float sum = Lanes.Sum(sums), scale = c.IsLogarithm ? MathF.Log(sum) : 1 / sum;
        for (int i = 0; i < whole; i += Lanes.Count)
        {
            var value = Vector512.Load(y + i);
            Vector512.Store(c.IsLogarithm ? value - Vector512.Create(scale) : value * scale, y + i);
        }

        for (int i = 0; i < rest; i++)
            y[whole + i] = c.IsLogarithm ? lanes[i] - scale : lanes[i] * scale;
    }

    /// <summary>How an element of several lines is read and written.</summary>
    private interface ILines
    {
        static abstract Vector512<float> Load(float* x, long* starts);

        static abstract void Store(Vector512<float> value, float* y, long* starts, int lines);
    }

    /// <summary>16 lines side by side.</summary>
    private readonly struct Neighbours : ILines
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Load(float* x, long* starts) => Vector512.Load(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Vector512<float> value, float* y, long* starts, int lines) => value.Store(y);
    }

    /// <summary>Up to 16 lines that begin anywhere; the lanes of others repeat some of them.</summary>
    private readonly struct Scattered : ILines
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Load(float* x, long* starts) => Vector512.Create(
            x[starts[0]], x[starts[1]], x[starts[2]], x[starts[3]], x[starts[4]], x[starts[5]], x[starts[6]], x[starts[7]],
            x[starts[8]], x[starts[9]], x[starts[10]], x[starts[11]], x[starts[12]], x[starts[13]], x[starts[14]], x[starts[15]]);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Vector512<float> value, float* y, long* starts, int lines)
        {
            float* lanes = (float*)&value;
            for (int line = 0; line < lines; line++)
                y[starts[line]] = lanes[line];
        }
    }

    /// <param name="Length">Elements of a line.</param>
    /// <param name="Inner">Floats from an element of a line to the next.</param>
    /// <param name="Group">Lines that are cut into items together.</param>
    /// <param name="Parts">Items of a group.</param>
    /// <param name="IsLogarithm">Whether the result is the logarithm.</param>
    private readonly record struct Constants(int Length, int Inner, int Group, int Parts, bool IsLogarithm);
}
