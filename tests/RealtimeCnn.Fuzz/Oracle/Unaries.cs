using RealtimeCnn.Onnx;

namespace RealtimeCnn.Fuzz.Oracle;

/// <summary>Functions of one number.</summary>
internal static class Unaries
{
    public static Dictionary<string, Definition> Definitions { get; } = new()
    {
        ["Abs"] = Of(Math.Abs),
        ["Neg"] = Of(x => -x),
        ["Exp"] = Of(Math.Exp),
        ["Log"] = Of(Math.Log),
        ["Sqrt"] = Of(Math.Sqrt),
        ["Reciprocal"] = Of(x => 1 / x),
        ["Floor"] = Of(Math.Floor),
        ["Ceil"] = Of(Math.Ceiling),
        ["Round"] = Of(x => Math.Round(x, MidpointRounding.ToEven)),
        ["Sign"] = Of(x => double.IsNaN(x) ? x : Math.Sign(x)),
        ["Erf"] = Of(Erf),
        ["Sin"] = Of(Math.Sin),
        ["Cos"] = Of(Math.Cos),
        ["Tan"] = Of(Math.Tan),
        ["Asin"] = Of(Math.Asin),
        ["Acos"] = Of(Math.Acos),
        ["Atan"] = Of(Math.Atan),
        ["Sinh"] = Of(Math.Sinh),
        ["Cosh"] = Of(Math.Cosh),
        ["Tanh"] = Of(Math.Tanh),
        ["Asinh"] = Of(Math.Asinh),
        ["Acosh"] = Of(Math.Acosh),
        ["Atanh"] = Of(Math.Atanh),
        ["Relu"] = Of(x => x > 0 ? x : 0),
        ["Sigmoid"] = Of(Sigmoid),
        ["HardSwish"] = Of(x => x * Math.Clamp((x / 6) + 0.5, 0, 1)),
        ["Mish"] = Of(x => x * Math.Tanh(Softplus(x))),
        ["Softplus"] = Of(Softplus),
        ["Softsign"] = Of(x => x / (1 + Math.Abs(x))),
        ["LeakyRelu"] = With("alpha", 0.01, (x, alpha) => x < 0 ? alpha * x : x),
        ["Elu"] = With("alpha", 1, (x, alpha) => x < 0 ? alpha * (Math.Exp(x) - 1) : x),
        ["Celu"] = With("alpha", 1, (x, alpha) => Math.Max(0, x) + Math.Min(0, alpha * (Math.Exp(x / alpha) - 1))),
        ["ThresholdedRelu"] = With("alpha", 1, (x, alpha) => x > alpha ? x : 0),
        ["Swish"] = With("alpha", 1, (x, alpha) => x * Sigmoid(alpha * x)),
        ["Selu"] = node => Map(node, x => node.Real("gamma", 1.05070102214813232421875) * (x <= 0 ? node.Real("alpha", 1.67326319217681884765625) * (Math.Exp(x) - 1) : x)),
        ["HardSigmoid"] = node => Map(node, x => Math.Clamp((node.Real("alpha", 0.2f) * x) + node.Real("beta", 0.5), 0, 1)),
        ["ScaledTanh"] = node => Map(node, x => node.Real("alpha", 1) * Math.Tanh(node.Real("beta", 1) * x)),
        ["ParametricSoftplus"] = node => Map(node, x => node.Real("alpha", 1) * Softplus(node.Real("beta", 1) * x)),
        ["Affine"] = node => Map(node, x => (node.Real("alpha", 1) * x) + node.Real("beta")),
        ["Shrink"] = node => Map(node, x => x < -node.Real("lambd", 0.5) ? x + node.Real("bias") : x > node.Real("lambd", 0.5) ? x - node.Real("bias") : 0),
        ["Gelu"] = node => node.Text("approximate") == "tanh"
            ? Map(node, x => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))))
            : Map(node, x => x / 2 * (1 + Erf(x / Math.Sqrt(2)))),
        ["Clip"] = Clip,
        ["Not"] = node => [node.X.Map(x => x == 0 ? 1 : 0)],
        ["IsNaN"] = node => [node.X.Map(x => double.IsNaN(x) ? 1 : 0, OnnxType.Bool)],
        ["IsInf"] = node => [node.X.Map(x => (double.IsPositiveInfinity(x) && node.Flag("detect_positive", true)) || (double.IsNegativeInfinity(x) && node.Flag("detect_negative", true)) ? 1 : 0, OnnxType.Bool)],
        ["Identity"] = node => [node.X],
        ["Dropout"] = node => [node.X, node.X.Map(_ => 1, OnnxType.Bool)],
        ["Cast"] = node => [Cast(node.X, (OnnxType)node.Int("to"))],
        ["CastLike"] = node => [Cast(node.X, node[1].Type)],
    };

    /// <summary>The error function by its Taylor series, and above 3, where that cancels, by the continued fraction of 1 − erf.</summary>
    private static double Erf(double x)
    {
        double size = Math.Abs(x);
        if (size > 3)
        {
            double fraction = size;
            for (int k = 60; k > 0; k--)
                fraction = size + (k / 2.0 / fraction);
            return Math.Sign(x) * (1 - (Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * fraction)));
        }

        double term = x, sum = x;
        for (int n = 1; n < 120; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Softplus(double x) => x > 40 ? x : Math.Log(1 + Math.Exp(x));

    private static OracleTensor[] Clip(OracleNode node)
    {
        double least = node.Opset < 11 ? node.Real("min", float.MinValue) : node.Has(1) ? node[1].Values[0] : double.NegativeInfinity;
        double greatest = node.Opset < 11 ? node.Real("max", float.MaxValue) : node.Has(2) ? node[2].Values[0] : double.PositiveInfinity;
        return Map(node, x => Math.Min(Math.Max(x, least), greatest));
    }

    private static OracleTensor Cast(OracleTensor x, OnnxType type) => x.Map(
        value => type switch
        {
            OnnxType.Float or OnnxType.Double => value,
            OnnxType.Float16 => (double)(Half)value,
            OnnxType.Bool => value != 0 ? 1 : 0,
            _ => Math.Truncate(value),
        },
        type);

    private static Definition Of(Func<double, double> function) => node => Map(node, function);

    private static Definition With(string attribute, double otherwise, Func<double, double, double> function) =>
        node => Map(node, x => function(x, node.Real(attribute, otherwise)));

    private static OracleTensor[] Map(OracleNode node, Func<double, double> function) => [node.X.Map(function)];
}
