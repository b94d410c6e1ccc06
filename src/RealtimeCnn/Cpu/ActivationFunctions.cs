using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The CPU's form of every <see cref="ActivationFunction"/>, as kernels apply it to what they store. NaN stays NaN.</summary>
internal static class ActivationFunctions
{
    /// <summary>The function of sixteen numbers; the cheap ones inline, because convolutions call this for every vector they store.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Apply(this in Activation activation, Vector512<float> x) => activation.Function switch
    {
        ActivationFunction.None => x,
        ActivationFunction.Relu => Vector512.Max(x, Vector512<float>.Zero),
        ActivationFunction.Clip => Vector512.Min(Vector512.Max(x, Vector512.Create(activation.Alpha)), Vector512.Create(activation.Beta)),
        _ => ApplyCurve(in activation, x),
    };

    /// <summary>The bounds that the function clamps to, infinite where it does not: kernels clamp what they store, and leave the rest to <see cref="ApplyCurve(in Activation, float*, int, int)"/>.</summary>
    public static (float Lower, float Upper) Bounds(this in Activation activation) => activation.Function switch
    {
        ActivationFunction.Relu => (0, float.PositiveInfinity),
        ActivationFunction.Clip => (activation.Alpha, activation.Beta),
        _ => (float.NegativeInfinity, float.PositiveInfinity),
    };

    /// <summary>Applies what is more than clamping to numbers where they lie.</summary>
    /// <param name="activation">The function.</param>
    /// <param name="y">As many blocks of 16 as <paramref name="count"/> says.</param>
    /// <param name="count">Blocks.</param>
    /// <param name="channels">Lanes that are channels: the others become 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void ApplyCurve(this in Activation activation, float* y, int count, int channels)
    {
        if (activation.Function is ActivationFunction.None or ActivationFunction.Relu or ActivationFunction.Clip)
            return;
        for (int i = 0; i < count; i++, y += Lanes.Count)
            Lanes.KeepFirst(ApplyCurve(in activation, Vector512.LoadAligned(y)), channels).StoreAligned(y);
    }

    private static Vector512<float> Select(Vector512<float> mask, Vector512<float> yes, Vector512<float> no) => Vector512.ConditionalSelect(mask, yes, no);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static Vector512<float> ApplyCurve(in Activation activation, Vector512<float> x)
    {
        Vector512<float> zero = Vector512<float>.Zero, one = Vector512<float>.One;
        switch (activation.Function)
        {
            case ActivationFunction.LeakyRelu:
                return Select(Vector512.LessThan(x, zero), x * activation.Alpha, x);
            case ActivationFunction.Elu:
                return Select(Vector512.LessThan(x, zero), VectorMath.Expm1(x) * activation.Alpha, x);
            case ActivationFunction.Selu:
                return Select(Vector512.LessThan(x, zero), VectorMath.Expm1(x) * activation.Alpha, x) * activation.Beta;
            case ActivationFunction.Celu:
                return Select(Vector512.LessThan(x, zero), VectorMath.Expm1(x / activation.Alpha) * activation.Alpha, x);
            case ActivationFunction.Sigmoid:
                return VectorMath.Sigmoid(x);
            case ActivationFunction.Tanh:
                return VectorMath.Tanh(x);
            case ActivationFunction.HardSigmoid:
                return Vector512.Min(Vector512.Max((x * activation.Alpha) + Vector512.Create(activation.Beta), zero), one);
            case ActivationFunction.HardSwish:
                return x * Vector512.Min(Vector512.Max((x * (1f / 6)) + Vector512.Create(0.5f), zero), one);
            case ActivationFunction.Silu:
                return x * VectorMath.Sigmoid(x);
            case ActivationFunction.Mish:
                // tanh(ln(1 + e)) = e(e + 2) / (e(e + 2) + 2); from 20 on it is 1 in float32, and e² must not overflow.
                var e = Vector512.Exp(Vector512.Min(x, Vector512.Create(20f)));
                var numerator = e * (e + Vector512.Create(2f));
                return x * (numerator / (numerator + Vector512.Create(2f)));
            case ActivationFunction.Gelu:
                return x * 0.5f * (one + VectorMath.Erf(x * 0.70710678f));
            case ActivationFunction.GeluTanh:
                return x * 0.5f * (one + VectorMath.Tanh(x * 0.79788456f * (one + (x * x * 0.044715f))));
            case ActivationFunction.Softplus:
                return VectorMath.Softplus(x);
            case ActivationFunction.Softsign:
                return x / (one + Vector512.Abs(x));
            case ActivationFunction.ThresholdedRelu:
                return Select(Vector512.LessThanOrEqual(x, Vector512.Create(activation.Alpha)), zero, x);
            default:
                throw new InvalidOperationException($"Activation function {(int)activation.Function} does not exist.");
        }
    }
}

/// <summary>An activation as a layer of its own.</summary>
internal readonly struct ActivationOfVector(Activation activation) : IElementwiseFunction
{
    private readonly Activation _activation = activation;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Apply(Vector512<float> x) => _activation.Apply(x);
}
