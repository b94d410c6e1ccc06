using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>Derivatives of the activation functions at x; at a kink that of the left side, as in PyTorch. NaN stays NaN.</summary>
internal static class ActivationSlopes
{
    /// <summary>The slope at sixteen numbers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static Vector512<float> Of(Activation activation, Vector512<float> x)
    {
        Vector512<float> zero = Vector512<float>.Zero, one = Vector512<float>.One, alpha = Vector512.Create(activation.Alpha), beta = Vector512.Create(activation.Beta);
        return activation.Function switch
        {
            ActivationFunction.LeakyRelu => Where(x, zero, one, alpha),
            ActivationFunction.Elu => Where(x, zero, one, alpha * VectorMath.Exp(x)),
            ActivationFunction.Selu => Where(x, zero, beta, beta * alpha * VectorMath.Exp(x)),
            ActivationFunction.Celu => Where(x, zero, one, VectorMath.Exp(x / alpha)),
            ActivationFunction.HardSigmoid => Where((alpha * x) + beta, zero, Where((alpha * x) + beta, one, zero, alpha), zero),
            ActivationFunction.HardSwish => Where(x, Vector512.Create(-3f), Where(x, Vector512.Create(3f), one, (x / 3) + Vector512.Create(0.5f)), zero),
            ActivationFunction.Silu => Silu(x),
            ActivationFunction.Mish => Mish(x),
            ActivationFunction.Gelu => Gelu(x),
            ActivationFunction.GeluTanh => GeluTanh(x),
            ActivationFunction.Softplus => VectorMath.Sigmoid(x),
            ActivationFunction.Softsign => one / ((one + Vector512.Abs(x)) * (one + Vector512.Abs(x))),
            ActivationFunction.ThresholdedRelu => Where(x, alpha, one, zero),
            _ => throw new InvalidOperationException($"The slope of {activation.Function} follows from its value."),
        };
    }

    /// <summary>One of two results, by whether x lies above a limit; NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Where(Vector512<float> x, Vector512<float> limit, Vector512<float> above, Vector512<float> below) =>
        Vector512.ConditionalSelect(Vector512.IsNaN(x), x, Vector512.ConditionalSelect(Vector512.GreaterThan(x, limit), above, below));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Silu(Vector512<float> x)
    {
        var sigmoid = VectorMath.Sigmoid(x);
        return sigmoid * (Vector512<float>.One + (x * (Vector512<float>.One - sigmoid)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Mish(Vector512<float> x)
    {
        var t = VectorMath.Tanh(VectorMath.Softplus(x));
        return t + (x * VectorMath.Sigmoid(x) * (Vector512<float>.One - (t * t)));
    }

    /// <summary><c>Φ(x) + x·φ(x)</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Gelu(Vector512<float> x)
    {
        var density = VectorMath.Exp(x * x * -0.5f) * 0.39894228f;
        return ((Vector512<float>.One + VectorMath.Erf(x * 0.70710678f)) * 0.5f) + (x * density);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> GeluTanh(Vector512<float> x)
    {
        Vector512<float> one = Vector512<float>.One, square = x * x * 0.044715f;
        var t = VectorMath.Tanh(x * 0.79788456f * (one + square));
        return ((one + t) * 0.5f) + (x * 0.39894228f * (one - (t * t)) * (one + (square * 3)));
    }
}
