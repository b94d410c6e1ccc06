using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Functions of 16 numbers that <see cref="Vector512"/> does not have, each within a few units in the last place of float32.
/// <c>shaders/include/math.glsl</c> computes the same formulas.
/// </summary>
internal static unsafe class VectorMath
{
    /// <summary>
    /// e^x as <c>2^n·e^r</c>, n = round(x / ln 2), with a polynomial for e^r, within 1.1 units in the last place. 2^n is two factors, so that results
    /// below the normal numbers are rounded once. Source: Cephes, expf.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        // Beyond these bounds the result is 0 and infinity.
        x = Lanes.Clamp(x, Vector512.Create(-104f), Vector512.Create(88.8f));
        var n = Vector512.Round(x * 1.44269504f);
        var r = Lanes.MultiplyAdd(n, Vector512.Create(-0.693359375f), x);
        r = Lanes.MultiplyAdd(n, Vector512.Create(2.12194440e-4f), r);
        var p = Step(Polynomial(r, 1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f), r, 5.0000001201e-1f);
        p = Lanes.MultiplyAdd(p, r * r, r) + Vector512<float>.One;
        var exponent = Vector512.ConvertToInt32Native(n);
        var half = exponent >> 1;
        return p * PowerOfTwo(half) * PowerOfTwo(exponent - half);
    }

    /// <summary>
    /// tanh: an odd polynomial below 0.625, where <c>1 − 2/(e^2x + 1)</c> would cancel, and that formula above.
    /// Source: Cephes, tanhf.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        var magnitude = Vector512.Abs(x);
        var z = x * x;
        var near = Polynomial(z, -5.70498872745e-3f, 2.06390887954e-2f, -5.37397155531e-2f, 1.33314422036e-1f, -3.33332819422e-1f);
        near = Lanes.MultiplyAdd(near * z, x, x);
        var far = Vector512<float>.One - (Vector512.Create(2f) / (Exp(magnitude + magnitude) + Vector512<float>.One));
        return Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(0.625f)), near, Vector512.CopySign(far, x));
    }

    /// <summary>e^x − 1 without cancellation near 0: <c>2t / (1 − t)</c> with <c>t = tanh(x/2)</c>. For x up to 0, as activations need it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector512<float> Expm1(Vector512<float> x)
    {
        var t = Tanh(x * 0.5f);
        return (t + t) / (Vector512<float>.One - t);
    }

    /// <summary>1 / (1 + e^−x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) =>
        Vector512<float>.One / (Vector512<float>.One + Exp(-x));

    /// <summary>
    /// ln(1 + e^x) = max(x, 0) + ln(1 + t), t = e^−|x|; the logarithm as <c>2·artanh(t / (2 + t))</c>, whose series neither cancels
    /// for small t nor needs more than seven terms for t up to 1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector512<float> Softplus(Vector512<float> x)
    {
        var t = Exp(-Vector512.Abs(x));
        var s = t / (t + Vector512.Create(2f));
        var z = s * s;
        var series = Step(Step(Polynomial(z, 1f / 13, 1f / 11, 1f / 9, 1f / 7, 1f / 5), z, 1f / 3), z, 1);
        return Vector512.Max(x, Vector512<float>.Zero) + ((s + s) * series);
    }

    /// <summary>
    /// The error function: an odd polynomial below 1 (Cephes, erff), and above it
    /// <c>1 − (a1·t + … + a5·t⁵)·e^−x²</c>, <c>t = 1/(1 + p·|x|)</c> (Abramowitz and Stegun, 7.1.26; absolute error 1.5e-7).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector512<float> Erf(Vector512<float> x)
    {
        var magnitude = Vector512.Abs(x);
        var z = x * x;
        var near = Polynomial(z, 7.853861353153693e-5f, -8.010193625184903e-4f, 5.188327685732524e-3f, -2.685381193529856e-2f, 1.128358514861418e-1f);
        near = x * Step(Step(near, z, -3.761262582423300e-1f), z, 1.128379165726710f);
        var t = Vector512<float>.One / Lanes.MultiplyAdd(Vector512.Create(0.3275911f), magnitude, Vector512<float>.One);
        var far = Polynomial(t, 1.061405429f, -1.453152027f, 1.421413741f, -0.284496736f, 0.254829592f);
        // From 80 on the power is far below half a unit in the last place of 1, and soon below the normal numbers, which are slow.
        far = Vector512<float>.One - (far * t * Exp(-Lanes.Min(Vector512.Create(80f), z)));
        return Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512<float>.One), near, Vector512.CopySign(far, x));
    }

    /// <summary>A scalar function of each lane, for functions too rare to have a vector form.</summary>
    public static Vector512<float> EachLane(Vector512<float> x, delegate*<float, float> function)
    {
        float* lanes = stackalloc float[Lanes.Count];
        x.Store(lanes);
        for (int lane = 0; lane < Lanes.Count; lane++)
            lanes[lane] = function(lanes[lane]);
        return Vector512.Load(lanes);
    }

    /// <summary>A scalar function of each pair of lanes.</summary>
    public static Vector512<float> EachLane(Vector512<float> a, Vector512<float> b, delegate*<float, float, float> function)
    {
        float* lanes = stackalloc float[2 * Lanes.Count];
        a.Store(lanes);
        b.Store(lanes + Lanes.Count);
        for (int lane = 0; lane < Lanes.Count; lane++)
            lanes[lane] = function(lanes[lane], lanes[Lanes.Count + lane]);
        return Vector512.Load(lanes);
    }

    /// <summary>1 where a mask is set, 0 elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> OneWhere(Vector512<float> mask) => mask & Vector512<float>.One;

    /// <summary>2^n for n from −126 to 127.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> PowerOfTwo(Vector512<int> n) => ((n + Vector512.Create(127)) << 23).AsSingle();

    /// <summary>A polynomial by Horner's rule, highest power first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Polynomial(Vector512<float> x, float a, float b, float c, float d, float e) =>
        Step(Step(Step(Step(Vector512.Create(a), x, b), x, c), x, d), x, e);

    /// <summary>A step of Horner's rule.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Step(Vector512<float> sum, Vector512<float> x, float coefficient) => Lanes.MultiplyAdd(sum, x, Vector512.Create(coefficient));
}
