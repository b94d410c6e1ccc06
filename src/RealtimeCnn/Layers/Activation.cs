using System.Runtime.Intrinsics;

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
}

/// <summary>An activation function with its constants.</summary>
/// <param name="Function">Which function.</param>
/// <param name="Alpha">Its first constant; for <see cref="ActivationFunction.Clip"/> the lower bound.</param>
/// <param name="Beta">Its second constant; for <see cref="ActivationFunction.Clip"/> the upper bound.</param>
public readonly record struct Activation(ActivationFunction Function, float Alpha = 0, float Beta = 0)
{
    /// <summary><c>x</c>.</summary>
    public static Activation None => default;

    /// <summary><c>max(x, 0)</c>.</summary>
    public static Activation Relu => new(ActivationFunction.Relu);

    /// <summary><c>min(max(x, 0), 6)</c> (Howard et al. 2017, "MobileNets", arXiv:1704.04861).</summary>
    public static Activation Relu6 => Clip(0, 6);

    /// <summary><c>min(max(x, lower), upper)</c>.</summary>
    public static Activation Clip(float lower, float upper) => new(ActivationFunction.Clip, lower, upper);

    /// <summary>The function of one number. NaN stays NaN.</summary>
    public float Apply(float x) => Function switch
    {
        ActivationFunction.Relu => Math.Max(x, 0),
        ActivationFunction.Clip => Math.Min(Math.Max(x, Alpha), Beta),
        _ => x,
    };

    /// <summary>The function of sixteen numbers.</summary>
    internal Vector512<float> Apply(Vector512<float> x) => Function switch
    {
        ActivationFunction.Relu => Vector512.Max(x, Vector512<float>.Zero),
        ActivationFunction.Clip => Vector512.Min(Vector512.Max(x, Vector512.Create(Alpha)), Vector512.Create(Beta)),
        _ => x,
    };
}
