using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>Activations that files spell out as products of simpler operators, each of them read as the one layer that it is.</summary>
internal static class ComposedActivations
{
    /// <summary>
    /// Mul, and what ends in it: <c>x·sigmoid(x)</c> is SiLU, <c>x·hardsigmoid(x)</c> with 1/6 and 1/2 hard swish,
    /// <c>x·tanh(softplus(x))</c> Mish, and <c>x·½·(1 + erf(x/√2))</c>, multiplied in any order, GELU.
    /// </summary>
    public static void Multiply(OnnxNode node)
    {
        var (a, b) = Elementwise.Operands(node);
        var (activation, x) = (Gated(a, b), a);
        if (activation == null)
            (activation, x) = (Gated(b, a), b);
        if (activation == null && Gelu(a, b) is { } argument)
            (activation, x) = (new Gelu(), argument);
        node.Return(activation == null ? node.Add(new Multiply(), [a, b]) : node.Add(activation, x));
    }

    /// <summary>The activation that x is when it is multiplied by <paramref name="gate"/>; null for none.</summary>
    private static ActivationLayer? Gated(Value x, Value gate) => gate.Layer switch
    {
        Sigmoid when gate.Inputs[0] == x => new Silu(),
        HardSigmoid { Activation: var hard } when gate.Inputs[0] == x && IsAbout(hard.Alpha, 1.0 / 6) && hard.Beta == 0.5f => new HardSwish(),
        Tanh when gate.Inputs[0] is { Layer: Softplus } soft && soft.Inputs[0] == x => new Mish(),
        _ => null,
    };

    /// <summary>What GELU is applied to, where three factors are its own; else null.</summary>
    private static Value? Gelu(Value a, Value b)
    {
        foreach (var (pair, single) in new[] { (a, b), (b, a) })
        {
            if (pair.Layer is not Layers.Multiply)
                continue;
            Value[] factors = [.. pair.Inputs, single];
            var half = Array.Find(factors, factor => IsNumber(factor, 0.5));
            var x = Array.Find(factors, factor => Array.Exists(factors, other => IsDistribution(other, factor)));
            var distribution = x == null ? null : Array.Find(factors, factor => IsDistribution(factor, x));
            if (half != null && x != null && x != half && distribution != half && half.Shape.Rank <= x.Shape.Rank && distribution!.Shape == x.Shape)
                return x;
        }

        return null;
    }

    /// <summary>Whether a value is <c>1 + erf(x/√2)</c>, twice the normal distribution's share below x.</summary>
    private static bool IsDistribution(Value value, Value x)
    {
        if (value.Layer is not Add)
            return false;
        var erf = value.Inputs.FirstOrDefault(term => term.Layer is Erf);
        return erf != null && value.Inputs.Any(term => IsNumber(term, 1)) && (erf.Inputs[0] switch
        {
            { Layer: Divide } quotient => quotient.Inputs[0] == x && IsNumber(quotient.Inputs[1], Math.Sqrt(2)),
            { Layer: Layers.Multiply } product => product.Inputs.Contains(x) && product.Inputs.Any(factor => IsNumber(factor, Math.Sqrt(0.5))),
            _ => false,
        });
    }

    private static bool IsNumber(Value value, double number) => value.Constant is { Count: 1 } constant && IsAbout(constant.DoubleAt(0), number);

    /// <summary>Whether a number of a file is what rounding to float32 makes of one.</summary>
    private static bool IsAbout(double value, double number) => Math.Abs(value - number) <= 1e-6 * number;
}
