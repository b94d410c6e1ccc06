using RealtimeCnn.Fuzz.Drawing;

namespace RealtimeCnn.Fuzz.Operators;

/// <summary>Activations: one operand of any rank, and numbers that bend the curve.</summary>
internal static class Activations
{
    public static IEnumerable<OperatorDraw> All =>
    [
        Curve("Relu"), Curve("Sigmoid"), Curve("Tanh"), Curve("Softplus"), Curve("Softsign"),
        Curve("HardSwish") with { Since = 14 },
        Curve("Mish") with { Since = 18 },
        Curve("LeakyRelu", d => [("alpha", d.Maybe(d.Real(-0.5, 2)))]),
        Curve("Elu", d => [("alpha", d.Maybe(d.Real(0.1, 3)))]),
        Curve("Celu", d => [("alpha", d.Maybe(d.Real(0.1, 3)))]) with { Since = 12 },
        Curve("Selu", d => [("alpha", d.Maybe(d.Real(0.1, 3))), ("gamma", d.Maybe(d.Real(0.1, 2)))]),
        Curve("HardSigmoid", d => [("alpha", d.Maybe(d.Real(0.01, 1))), ("beta", d.Maybe(d.Real(-0.5, 1)))]),
        Curve("Gelu", d => [("approximate", d.Any<object?>(null, "none", "tanh"))]) with { Since = 20 },
        Curve("Swish", d => [("alpha", d.Maybe(d.Real(-2, 2)))]) with { Since = 24, Until = 24 },
        Curve("ScaledTanh", d => [("alpha", d.Real(-2, 2)), ("beta", d.Real(-2, 2))]) with { Until = 9 },
        Curve("ParametricSoftplus", d => [("alpha", d.Real(-2, 2)), ("beta", d.Real(-2, 2))]) with { Until = 9 },
        // Not continuous: where a threshold is crossed a rounding error becomes a step.
        Curve("ThresholdedRelu", d => [("alpha", d.Maybe(d.Real(-1, 2)))]) with { Since = 10, IsTame = false },
        Curve("Shrink", d => [("lambd", d.Maybe(d.Real(0, 2))), ("bias", d.Maybe(d.Real(-1, 1)))]) with { IsTame = false },
        new("Clip", Clip) { IsTame = true },
        new("PRelu", d =>
        {
            var x = d.Floats(d.Next(1, 4), -3, 3);
            int[] slope = d.Chance(0.6) && x.Rank > 1 ? [x.Shape[1], .. Enumerable.Repeat(1, x.Rank - 2)] : d.Stretching(x.Shape);
            d.Node("PRelu", [x, d.Chance(0.7) ? d.Constant(slope) : d.Floats(slope)]);
        }) { IsTame = true },
        Softmax("Softmax"), Softmax("LogSoftmax"),
    ];

    private static OperatorDraw Curve(string op, Func<Draft, (string, object?)[]>? attributes = null) =>
        new(op, d => d.Node(op, [d.Floats(d.Next(0, 5), -4, 4)], attributes?.Invoke(d) ?? [])) { IsTame = true };

    private static OperatorDraw Softmax(string op) => new(op, d =>
    {
        var x = d.LongFloats(d.Next(1, 4), -5, 5);
        d.Node(op, [x], ("axis", d.Maybe(d.Axis(x.Rank))));
    }) { IsTame = true };

    private static void Clip(Draft d)
    {
        var x = d.Floats(d.Next(0, 4), -3, 3);
        double low = d.Real(-2, 1), high = low + d.Real(0, 2);
        if (d.Opset < 11)
            d.Node("Clip", [x], ("min", d.Maybe(low)), ("max", d.Maybe(high)));
        else
            d.Node("Clip", [x, d.Chance(0.7) ? d.Scalar(low) : string.Empty, d.Chance(0.7) ? d.Scalar((float)high) : string.Empty]);
    }
}
