using RealtimeCnn.Fuzz.Drawing;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Fuzz.Operators;

/// <summary>Normalisation, and the losses.</summary>
internal static class Normalizations
{
    public static IEnumerable<OperatorDraw> All =>
    [
        new("BatchNormalization", d => BatchNorm(d, d.Floats(d.Next(2, 4)))) { IsTame = true },
        new("InstanceNormalization", d =>
        {
            var x = d.Input(d.Shape(d.Next(3, 4)), -2, 2);
            d.Node("InstanceNormalization", [x, d.Constant([x.Shape[1]]), d.Constant([x.Shape[1]])], ("epsilon", d.Maybe(d.Real(1e-4, 0.1))));
        }),
        new("GroupNormalization", d =>
        {
            int groups = d.Next(1, 4), each = d.Next(1, 5), count = d.Opset < 21 ? groups : groups * each;
            var x = d.Input([d.Next(1, 2), groups * each, d.Next(1, 7), d.Next(1, 7)], -2, 2);
            d.Node("GroupNormalization", [x, d.Constant([count]), d.Constant([count])], ("num_groups", groups), ("epsilon", d.Maybe(d.Real(1e-4, 0.1))));
        }) { Since = 18 },
        new("LayerNormalization", d =>
        {
            var x = d.Input(d.Shape(d.Next(1, 4)), -2, 2);
            int axis = d.Axis(x.Rank);
            int[] shape = x.Shape[(axis < 0 ? axis + x.Rank : axis)..];
            d.Node("LayerNormalization", d.Chance(0.6) ? [x, d.Constant(shape), d.Constant(shape)] : [x, d.Constant(shape)], ("axis", axis), ("epsilon", d.Maybe(d.Real(1e-4, 0.1))));
        }) { Since = 17 },
        new("LRN", d => d.Node("LRN", [d.Floats(d.Any(3, 4, 4))],
            ("size", d.Next(1, 7)), ("alpha", d.Maybe(d.Real(1e-4, 1))), ("beta", d.Maybe(d.Real(0.3, 1.2))), ("bias", d.Maybe(d.Real(0.5, 2))))) { IsTame = true },
        new("Dropout", d => d.Node("Dropout", [d.Floats(d.Next(1, 4))], ("ratio", d.Opset < 12 ? d.Maybe(d.Real(0, 1)) : null))) { IsTame = true },
        new("NegativeLogLikelihoodLoss", d => Loss(d, "NegativeLogLikelihoodLoss")) { Since = 12 },
        new("SoftmaxCrossEntropyLoss", d => Loss(d, "SoftmaxCrossEntropyLoss")) { Since = 12 },
    ];

    public static Operand BatchNorm(Draft d, Operand x)
    {
        int[] channels = [x.Shape[1]];
        return d.Node("BatchNormalization", [x, d.Constant(channels), d.Constant(channels), d.Constant(channels), d.Constant(channels, 0.05, 2)], ("epsilon", d.Maybe(d.Real(1e-5, 0.1))));
    }

    private static void Loss(Draft d, string op)
    {
        var x = d.Input([d.Next(1, 5), d.Next(1, 7), .. d.Shape(d.Next(0, 2))], -3, 0);
        var target = d.Whole([x.Shape[0], .. x.Shape[2..]], 0, x.Shape[1] - 1, d.Any(OnnxType.Int32, OnnxType.Int64));
        string[] weights = d.Chance(0.5) ? [d.Constant([x.Shape[1]], 0.1, 2)] : [];
        d.Node(op, [x, target, .. weights], ("reduction", d.Any<object?>(null, "none", "sum", "mean")));
    }
}
