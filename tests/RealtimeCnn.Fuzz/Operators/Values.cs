using RealtimeCnn.Onnx;

namespace RealtimeCnn.Fuzz.Operators;

/// <summary>Constants, names for values, their shapes and their types.</summary>
internal static class Values
{
    public static IEnumerable<OperatorDraw> All =>
    [
        new("Constant", d =>
        {
            var value = d.Next(0, 3) switch
            {
                0 => d.Node("Constant", [], ("value_float", d.Real(-2, 2))),
                1 => d.Node("Constant", [], ("value_floats", new[] { d.Real(-2, 2), d.Real(-2, 2), d.Real(-2, 2) })),
                _ => d.Node("Constant", [], ("value", OnnxTensor.From(OnnxType.Float, new Shape(2, 3), [1.0, 2, 3, 4, 5, 6]))),
            };
            d.Node("Add", [d.Floats([2, 3]), value]);
        }) { Since = 12 },
        new("Identity", d => d.Node("Mul", [d.Node("Identity", [d.Chance(0.5) ? d.Constant([2, 3]) : d.Floats([2, 3])]), d.Floats([2, 3])])) { IsTame = true },
        new("Shape", d =>
        {
            var x = d.Floats(d.Next(1, 5));
            d.Node("Shape", [x], ("start", d.Opset < 15 ? null : d.Maybe(d.Axis(x.Rank))), ("end", d.Opset < 15 ? null : d.Maybe(d.Axis(x.Rank))));
        }),
        new("Size", d => d.Node("Size", [d.Floats(d.Next(0, 5))])),
        new("Cast", d =>
        {
            var to = d.Any(OnnxType.Int32, OnnxType.Int64, OnnxType.Bool, OnnxType.Double, OnnxType.Float, OnnxType.Int8);
            d.Node("Cast", [d.Input(d.Shape(d.Next(0, 4)), -9, 9)], ("to", (int)to));
        }),
        new("CastLike", d => d.Node("CastLike", [d.Input(d.Shape(2), -9, 9), d.Scalar(1, d.Any(OnnxType.Int32, OnnxType.Bool, OnnxType.Double))])) { Since = 15 },
    ];
}
