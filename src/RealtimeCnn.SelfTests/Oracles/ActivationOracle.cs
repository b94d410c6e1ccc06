using RealtimeCnn.Layers;

namespace RealtimeCnn.SelfTests.Oracles;

/// <summary>Activation functions straight from their definitions, in double.</summary>
internal static class ActivationOracle
{
    public static double Apply(Activation activation, double x)
    {
        double alpha = activation.Alpha, beta = activation.Beta;
        return activation.Function switch
        {
            ActivationFunction.None => x,
            ActivationFunction.Relu => x <= 0 ? 0 : x,
            ActivationFunction.Clip => x < alpha ? alpha : x > beta ? beta : x,
            ActivationFunction.LeakyRelu => x > 0 ? x : alpha * x,
            ActivationFunction.Elu => x > 0 ? x : alpha * ExpMinus1(x),
            ActivationFunction.Selu => beta * (x > 0 ? x : alpha * ExpMinus1(x)),
            ActivationFunction.Celu => Math.Max(x, 0) + Math.Min(alpha * ExpMinus1(x / alpha), 0),
            ActivationFunction.Sigmoid => 1 / (1 + Math.Exp(-x)),
            ActivationFunction.Tanh => Math.Tanh(x),
            ActivationFunction.HardSigmoid => Math.Clamp((alpha * x) + beta, 0, 1),
            ActivationFunction.HardSwish => x * Math.Clamp((x + 3) / 6, 0, 1),
            ActivationFunction.Silu => x / (1 + Math.Exp(-x)),
            ActivationFunction.Mish => x * Math.Tanh(LogOf1Plus(Math.Exp(x))),
            ActivationFunction.Gelu => x / 2 * (1 + Erf(x / Math.Sqrt(2))),
            ActivationFunction.GeluTanh => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
            ActivationFunction.Softplus => x > 700 ? x : LogOf1Plus(Math.Exp(x)),
            ActivationFunction.Softsign => x / (1 + Math.Abs(x)),
            ActivationFunction.ThresholdedRelu => x <= alpha ? 0 : x,
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "No oracle for this activation."),
        };
    }

    /// <summary>The error function by its Taylor series, and above 3, where that cancels, by the continued fraction of 1 − erf.</summary>
    public static double Erf(double x)
    {
        if (Math.Abs(x) > 3)
        {
            double fraction = Math.Abs(x);
            for (int k = 60; k > 0; k--)
                fraction = Math.Abs(x) + (k / 2.0 / fraction);
            return Math.Sign(x) * (1 - (Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * fraction)));
        }

        double term = x, sum = x;
        for (int n = 1; n < 200; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    private static double ExpMinus1(double x) => Math.Abs(x) < 1e-5 ? x + (x * x / 2) : Math.Exp(x) - 1;

    private static double LogOf1Plus(double x) => x < 1e-5 ? x - (x * x / 2) : Math.Log(1 + x);
}
