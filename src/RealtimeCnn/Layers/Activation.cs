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
public readonly record struct Activation(ActivationFunction Function, float Alpha = 0, float Beta = 0)
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
}
