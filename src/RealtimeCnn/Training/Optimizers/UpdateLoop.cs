using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RealtimeCnn.Training.Optimizers;

/// <summary>An update of some values at once. What it computes of a value depends on that value alone, so that vectors of any width agree.</summary>
internal interface IUpdateFormula
{
    /// <summary>Numbers remembered for each value: 0 to 2.</summary>
    static abstract int Slots { get; }

    /// <summary>Changes values and what is remembered of them.</summary>
    void Apply(ref Vector512<float> values, Vector512<float> gradient, ref Vector512<float> first, ref Vector512<float> second);
}

/// <summary>Applies a formula to flat arrays, a vector after the other; the rest of the last vector is zeros.</summary>
internal static class UpdateLoop
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TFormula>(TFormula formula, Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
        where TFormula : struct, IUpdateFormula
    {
        int lanes = Vector512<float>.Count, whole = values.Length / lanes * lanes;
        Vector512<float> s0 = default, s1 = default;
        for (int i = 0; i < whole; i += lanes)
        {
            var w = Vector512.Create<float>(values[i..]);
            if (TFormula.Slots > 0)
                s0 = Vector512.Create<float>(first[i..]);
            if (TFormula.Slots > 1)
                s1 = Vector512.Create<float>(second[i..]);
            formula.Apply(ref w, Vector512.Create(gradient[i..]), ref s0, ref s1);
            w.CopyTo(values[i..]);
            if (TFormula.Slots > 0)
                s0.CopyTo(first[i..]);
            if (TFormula.Slots > 1)
                s1.CopyTo(second[i..]);
        }

        if (whole == values.Length)
            return;
        var last = Load(values[whole..]);
        s0 = TFormula.Slots > 0 ? Load(first[whole..]) : default;
        s1 = TFormula.Slots > 1 ? Load(second[whole..]) : default;
        formula.Apply(ref last, Load(gradient[whole..]), ref s0, ref s1);
        Store(last, values[whole..]);
        if (TFormula.Slots > 0)
            Store(s0, first[whole..]);
        if (TFormula.Slots > 1)
            Store(s1, second[whole..]);
    }

    private static Vector512<float> Load(ReadOnlySpan<float> part)
    {
        Span<float> all = stackalloc float[Vector512<float>.Count];
        all.Clear();
        part.CopyTo(all);
        return Vector512.Create<float>(all);
    }

    private static void Store(Vector512<float> vector, Span<float> part)
    {
        for (int i = 0; i < part.Length; i++)
            part[i] = vector[i];
    }
}
