using RealtimeCnn.Layers;

namespace RealtimeCnn.SelfTests;

/// <summary>How far a driver's result may be from the definition (relative L2): what OpenGL grants every driver, where that is more than a case allows.</summary>
internal static class DriverTolerance
{
    /// <summary>Copies and choices: nothing is rounded.</summary>
    public const double Exact = 0;

    /// <summary>Sums, products and quotients of float32, in whichever order and fused or not: some hundred roundings of 6e-8.</summary>
    public const double Arithmetic = 5e-6;

    /// <summary>
    /// exp, log, pow, and sums of them: the standard allows exp an error of 3 + 2|x| units in the last place, and pow
    /// the error of both. Source: GLSL 4.60, section 4.7.1.
    /// </summary>
    public const double Exponential = 2e-5;

    /// <summary>Sums of a hundred thousand terms and more, in whichever order.</summary>
    public const double LongSum = 1e-4;

    /// <summary>Trigonometry, on whose precision GLSL says nothing: an absolute 2^-11, which Vulkan demands, at numbers around 1.</summary>
    public const double Trigonometric = 1e-3;

    /// <summary>The tolerance of a case on any driver.</summary>
    public static double Of(LayerCase one) => Math.Max(one.Tolerance, one.Layer switch
    {
        Sin or Cos or Tan or Asin or Acos or Atan => Trigonometric,
        Exp or Log or Erf or Sinh or Cosh or Asinh or Acosh or Atanh or Pow => Exponential,
        LpPool2d or GemPool2d or GlobalLpPool or GlobalGemPool or Lrn or SoftmaxLayer or Reduce { Function: not (ReduceFunction.Max or ReduceFunction.Min) } => Exponential,
        ActivationLayer when one.Tolerance > 0 => Exponential,
        Divide or Reciprocal or Sqrt or Remainder or TruncatedRemainder => Arithmetic,
        _ => one.Tolerance > 0 ? Arithmetic : Exact,
    });
}
