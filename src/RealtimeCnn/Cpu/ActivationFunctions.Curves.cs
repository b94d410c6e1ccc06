using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <content>The functions themselves.</content>
internal static unsafe partial class ActivationFunctions
{
    /// <summary><see cref="ActivationFunction.Clip"/>.</summary>
    private readonly record struct Clamp(float Lower, float Upper) : IElementwiseFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Apply(Vector512<float> x) => Lanes.Clamp(x, Vector512.Create(Lower), Vector512.Create(Upper));
    }

    /// <summary><see cref="ActivationFunction.LeakyRelu"/>.</summary>
    private readonly record struct LeakyRelu(float Slope) : IElementwiseFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Apply(Vector512<float> x) => Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), x * Slope, x);
    }

    /// <summary><see cref="ActivationFunction.Elu"/>, and with a factor <see cref="ActivationFunction.Selu"/>.</summary>
    private readonly record struct Elu(float Alpha, float Factor) : IElementwiseFunction
    {
        public Vector512<float> Apply(Vector512<float> x) =>
            Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), VectorMath.Expm1(x) * Alpha, x) * Factor;
    }

    /// <summary><see cref="ActivationFunction.Celu"/>.</summary>
    private readonly record struct Celu(float Alpha) : IElementwiseFunction
    {
        public Vector512<float> Apply(Vector512<float> x) =>
            Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), VectorMath.Expm1(x / Alpha) * Alpha, x);
    }

    /// <summary><see cref="ActivationFunction.Sigmoid"/>.</summary>
    private readonly struct Sigmoid : IElementwiseFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Apply(Vector512<float> x) => VectorMath.Sigmoid(x);
    }

    /// <summary><see cref="ActivationFunction.Tanh"/>.</summary>
    private readonly struct Tanh : IElementwiseFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Apply(Vector512<float> x) => VectorMath.Tanh(x);
    }

    /// <summary><see cref="ActivationFunction.HardSigmoid"/>.</summary>
    private readonly record struct HardSigmoid(float Alpha, float Beta) : IElementwiseFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Apply(Vector512<float> x) => Lanes.Clamp((x * Alpha) + Vector512.Create(Beta), Vector512<float>.Zero, Vector512<float>.One);
    }

    /// <summary><see cref="ActivationFunction.HardSwish"/>.</summary>
    private readonly struct HardSwish : IElementwiseFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Apply(Vector512<float> x) => x * new HardSigmoid(1f / 6, 0.5f).Apply(x);
    }

    /// <summary><see cref="ActivationFunction.Silu"/>.</summary>
    private readonly struct Silu : IElementwiseFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Apply(Vector512<float> x) => x * VectorMath.Sigmoid(x);
    }

    /// <summary><see cref="ActivationFunction.Mish"/>: <c>tanh(ln(1 + e)) = e(e + 2) / (e(e + 2) + 2)</c>, e = e^x; from 20 on it is 1 in float32, and e² must not overflow.</summary>
    private readonly struct Mish : IElementwiseFunction
    {
        public Vector512<float> Apply(Vector512<float> x)
        {
            var e = VectorMath.Exp(Vector512.Min(x, Vector512.Create(20f)));
            var numerator = e * (e + Vector512.Create(2f));
            return x * (numerator / (numerator + Vector512.Create(2f)));
        }
    }

    /// <summary><see cref="ActivationFunction.Gelu"/>.</summary>
    private readonly struct Gelu : IElementwiseFunction
    {
        public Vector512<float> Apply(Vector512<float> x) => x * 0.5f * (Vector512<float>.One + VectorMath.Erf(x * 0.70710678f));
    }

    /// <summary><see cref="ActivationFunction.GeluTanh"/>.</summary>
    private readonly struct GeluTanh : IElementwiseFunction
    {
        public Vector512<float> Apply(Vector512<float> x) =>
            x * 0.5f * (Vector512<float>.One + VectorMath.Tanh(x * 0.79788456f * (Vector512<float>.One + (x * x * 0.044715f))));
    }

    /// <summary><see cref="ActivationFunction.Softplus"/>.</summary>
    private readonly struct Softplus : IElementwiseFunction
    {
        public Vector512<float> Apply(Vector512<float> x) => VectorMath.Softplus(x);
    }

    /// <summary><see cref="ActivationFunction.Softsign"/>.</summary>
    private readonly struct Softsign : IElementwiseFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Apply(Vector512<float> x) => x / (Vector512<float>.One + Vector512.Abs(x));
    }

    /// <summary><see cref="ActivationFunction.ThresholdedRelu"/>.</summary>
    private readonly record struct ThresholdedRelu(float Threshold) : IElementwiseFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Apply(Vector512<float> x) =>
            Vector512.ConditionalSelect(Vector512.LessThanOrEqual(x, Vector512.Create(Threshold)), Vector512<float>.Zero, x);
    }
}
