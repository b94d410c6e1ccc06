using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Cpu;

namespace RealtimeCnn.Layers;

/// <summary>A function of one number that a layer can apply to its result before storing it.</summary>
/// <remarks>The numbers are those of <c>shaders/include/activation.glsl</c>.</remarks>
public enum ActivationFunction
{
    /// <summary><c>x</c>.</summary>
    None = 0,

    /// <summary><c>max(x, 0)</c>.</summary>
    Relu = 1,

    /// <summary><c>min(max(x, alpha), beta)</c>.</summary>
    Clip = 2,

    /// <summary><c>x</c> above 0, else <c>alpha·x</c>.</summary>
    LeakyRelu = 3,

    /// <summary><c>x</c> above 0, else <c>alpha·(e^x − 1)</c>.</summary>
    Elu = 4,

    /// <summary><c>beta·x</c> above 0, else <c>beta·alpha·(e^x − 1)</c>.</summary>
    Selu = 5,

    /// <summary><c>x</c> above 0, else <c>alpha·(e^(x/alpha) − 1)</c>.</summary>
    Celu = 6,

    /// <summary><c>1 / (1 + e^−x)</c>.</summary>
    Sigmoid = 7,

    /// <summary><c>tanh(x)</c>.</summary>
    Tanh = 8,

    /// <summary><c>min(max(alpha·x + beta, 0), 1)</c>.</summary>
    HardSigmoid = 9,

    /// <summary><c>x·min(max(x/6 + 1/2, 0), 1)</c>.</summary>
    HardSwish = 10,

    /// <summary><c>x / (1 + e^−x)</c>.</summary>
    Silu = 11,

    /// <summary><c>x·tanh(ln(1 + e^x))</c>.</summary>
    Mish = 12,

    /// <summary><c>x/2·(1 + erf(x/√2))</c>.</summary>
    Gelu = 13,

    /// <summary><c>x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³)))</c>.</summary>
    GeluTanh = 14,

    /// <summary><c>ln(1 + e^x)</c>.</summary>
    Softplus = 15,

    /// <summary><c>x / (1 + |x|)</c>.</summary>
    Softsign = 16,

    /// <summary><c>x</c> above alpha, else 0.</summary>
    ThresholdedRelu = 17,
}

/// <summary>An activation function with its constants.</summary>
/// <param name="Function">Which function.</param>
/// <param name="Alpha">Its first constant, where it has one; for <see cref="ActivationFunction.Clip"/> the lower bound.</param>
/// <param name="Beta">Its second constant, where it has one; for <see cref="ActivationFunction.Clip"/> the upper bound.</param>
public readonly record struct Activation(ActivationFunction Function, float Alpha = 0, float Beta = 0) : IElementwiseFunction
{
    /// <summary><c>x</c>.</summary>
    public static Activation None => default;

    /// <summary><c>max(x, 0)</c>.</summary>
    public static Activation Relu => new(ActivationFunction.Relu);

    /// <summary><c>min(max(x, 0), 6)</c> (Howard et al. 2017, "MobileNets", arXiv:1704.04861).</summary>
    public static Activation Relu6 => Clip(0, 6);

    /// <summary><c>1 / (1 + e^−x)</c>.</summary>
    public static Activation Sigmoid => new(ActivationFunction.Sigmoid);

    /// <summary><c>tanh(x)</c>.</summary>
    public static Activation Tanh => new(ActivationFunction.Tanh);

    /// <summary><c>min(max(x/6 + 1/2, 0), 1)</c>, as MobileNetV3 has it.</summary>
    public static Activation HardSigmoid => new(ActivationFunction.HardSigmoid, 1f / 6, 0.5f);

    /// <summary><c>x·min(max(x/6 + 1/2, 0), 1)</c> (Howard et al. 2019, "Searching for MobileNetV3", arXiv:1905.02244).</summary>
    public static Activation HardSwish => new(ActivationFunction.HardSwish);

    /// <summary><c>x / (1 + e^−x)</c>, also called swish.</summary>
    public static Activation Silu => new(ActivationFunction.Silu);

    /// <summary><c>x/2·(1 + erf(x/√2))</c>.</summary>
    public static Activation Gelu => new(ActivationFunction.Gelu);

    /// <summary><c>min(max(x, lower), upper)</c>.</summary>
    public static Activation Clip(float lower, float upper) => new(ActivationFunction.Clip, lower, upper);

    /// <summary><c>x</c> above 0, else <c>slope·x</c>.</summary>
    public static Activation LeakyRelu(float slope = 0.01f) => new(ActivationFunction.LeakyRelu, slope);

    /// <summary>The function of one number. NaN stays NaN.</summary>
    public float Apply(float x) => Apply(Vector512.CreateScalar(x)).ToScalar();

    /// <summary>The function of sixteen numbers; the cheap ones inline, because convolutions call this for every vector they store.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector512<float> Apply(Vector512<float> x) => Function switch
    {
        ActivationFunction.None => x,
        ActivationFunction.Relu => Vector512.Max(x, Vector512<float>.Zero),
        ActivationFunction.Clip => Vector512.Min(Vector512.Max(x, Vector512.Create(Alpha)), Vector512.Create(Beta)),
        _ => ApplyCurve(x),
    };

    Vector512<float> IElementwiseFunction.Apply(Vector512<float> x) => Apply(x);

    private static Vector512<float> Select(Vector512<float> mask, Vector512<float> yes, Vector512<float> no) => Vector512.ConditionalSelect(mask, yes, no);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private Vector512<float> ApplyCurve(Vector512<float> x)
    {
        Vector512<float> zero = Vector512<float>.Zero, one = Vector512<float>.One;
        switch (Function)
        {
            case ActivationFunction.LeakyRelu:
                return Select(Vector512.LessThan(x, zero), x * Alpha, x);
            case ActivationFunction.Elu:
                return Select(Vector512.LessThan(x, zero), VectorMath.Expm1(x) * Alpha, x);
            case ActivationFunction.Selu:
                return Select(Vector512.LessThan(x, zero), VectorMath.Expm1(x) * Alpha, x) * Beta;
            case ActivationFunction.Celu:
                return Select(Vector512.LessThan(x, zero), VectorMath.Expm1(x / Alpha) * Alpha, x);
            case ActivationFunction.Sigmoid:
                return VectorMath.Sigmoid(x);
            case ActivationFunction.Tanh:
                return VectorMath.Tanh(x);
            case ActivationFunction.HardSigmoid:
                return Vector512.Min(Vector512.Max((x * Alpha) + Vector512.Create(Beta), zero), one);
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
                return Select(Vector512.LessThanOrEqual(x, Vector512.Create(Alpha)), zero, x);
            default:
                throw new InvalidOperationException($"Activation function {(int)Function} does not exist.");
        }
    }
}
