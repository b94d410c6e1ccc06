using RealtimeCnn.Fuzz.Drawing;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Fuzz.Operators;

/// <summary>Quantised operators, by one scale or one along an axis.</summary>
internal static class Quantization
{
    public static IEnumerable<OperatorDraw> All =>
    [
        new("QuantizeLinear", d =>
        {
            var x = d.Input(d.Shape(d.Next(1, 4)), -4, 4);
            var (shape, axis) = Places(d, x.Shape);
            var type = d.Any(OnnxType.UInt8, OnnxType.Int8);
            d.Node("QuantizeLinear", [x, d.Constant(shape, () => d.Any(0.25, 0.5, 0.125)), d.Constant(shape, () => d.Next(0, 20), type)], ("axis", axis));
        }) { Since = 10 },
        new("DequantizeLinear", d =>
        {
            var type = d.Any(OnnxType.UInt8, OnnxType.Int8);
            var x = d.Whole(d.Shape(d.Next(1, 4)), type == OnnxType.Int8 ? -128 : 0, type == OnnxType.Int8 ? 127 : 255, type);
            var (shape, axis) = Places(d, x.Shape);
            d.Node("DequantizeLinear", [x, d.Constant(shape, 0.01, 0.1), d.Constant(shape, () => d.Next(0, 20), type)], ("axis", axis));
        }) { Since = 10 },
        new("DynamicQuantizeLinear", d => d.Nodes("DynamicQuantizeLinear", [d.Input(d.Shape(d.Next(1, 3)), -3, 5)], 3)) { Since = 11 },
        new("QLinearMatMul", d =>
        {
            var a = d.Whole([d.Next(1, 9), d.Next(1, 17)], 0, 15, OnnxType.UInt8);
            var b = d.Constant([a.Shape[1], d.Next(1, 17)], () => d.Next(0, 15), OnnxType.UInt8);
            d.Node("QLinearMatMul", [a, d.Scalar(0.125), Zero(d), b, d.Scalar(0.25), Zero(d), d.Scalar(0.5), Zero(d)]);
        }) { Since = 10 },
        new("QLinearConv", d =>
        {
            var x = d.Whole([1, d.Next(1, 5), d.Next(3, 9), d.Next(3, 9)], 0, 15, OnnxType.UInt8);
            int output = d.Next(1, 17);
            var weight = d.Constant([output, x.Shape[1], 3, 3], () => d.Next(0, 15), OnnxType.UInt8);
            string[] bias = d.Chance(0.5) ? [d.Constant([output], () => d.Next(-50, 50), OnnxType.Int32)] : [];
            d.Node("QLinearConv", [x, d.Scalar(0.125), Zero(d), weight, d.Scalar(0.25), Zero(d), d.Scalar(0.5), Zero(d), .. bias], ("pads", d.Maybe(new[] { 1, 0, 1, 2 })));
        }) { Since = 10 },
    ];

    private static Operand Zero(Draft d) => d.Scalar(d.Next(0, 9), OnnxType.UInt8);

    /// <summary>The shape of scale and zero point: one number, or one for each place along an axis (opset 13).</summary>
    private static (int[] Shape, object? Axis) Places(Draft d, int[] x)
    {
        if (d.Opset < 13 || d.Chance(0.5))
            return ([], null);
        int axis = d.Axis(x.Length);
        return ([x[axis < 0 ? axis + x.Length : axis]], axis);
    }
}
