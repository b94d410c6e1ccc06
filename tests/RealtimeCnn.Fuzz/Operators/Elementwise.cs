using RealtimeCnn.Fuzz.Drawing;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Fuzz.Operators;

/// <summary>Functions element by element; the second operand stretches.</summary>
internal static class Elementwise
{
    public static IEnumerable<OperatorDraw> All =>
    [
        Unary("Abs"), Unary("Neg"), Unary("Exp"), Unary("Floor"), Unary("Ceil"), Unary("Sign"), Unary("Erf"), Unary("Sin"), Unary("Cos"),
        Unary("Atan"), Unary("Sinh"), Unary("Cosh"), Unary("Asinh"), Unary("IsNaN"),
        Unary("Round", -9, 9) with { Since = 11 },
        Unary("Log", 0.01, 20), Unary("Sqrt", 0, 20), Unary("Reciprocal", 0.1, 4), Unary("Tan", -1.4, 1.4),
        Unary("Asin", -1, 1), Unary("Acos", -1, 1), Unary("Acosh", 1, 30), Unary("Atanh", -0.99, 0.99),
        new("IsInf", d => d.Node("IsInf", [d.Floats(2)], ("detect_negative", d.Maybe(d.Chance(0.5))), ("detect_positive", d.Maybe(d.Chance(0.5))))) { Since = 10 },
        new("Not", d => d.Node("Not", [d.Whole(d.Shape(d.Next(0, 4)), 0, 1, OnnxType.Bool)])),
        Binary("Add") with { IsTame = true }, Binary("Sub") with { IsTame = true }, Binary("Mul") with { IsTame = true },
        new("Div", d => Pair(d, "Div", (-4, 4), (0.5, 3))),
        new("Pow", d => Pair(d, "Pow", (0.1, 3), (-2, 3))),
        new("Mod", d =>
        {
            bool truncated = d.Chance(0.5);
            var x = d.Whole(d.Shape(d.Next(1, 4)), truncated ? 0 : -20, 20, OnnxType.Int32);
            d.Node("Mod", [x, d.Whole(d.Stretching(x.Shape), 1, 7, OnnxType.Int32)], ("fmod", truncated));
        }) { Since = 10 },
        Relation("Equal"), Relation("Greater"), Relation("Less"), Relation("GreaterOrEqual") with { Since = 12 }, Relation("LessOrEqual") with { Since = 12 },
        Logic("And"), Logic("Or"), Logic("Xor"),
        Many("Sum"), Many("Mean"), Many("Max"), Many("Min"),
        new("Where", d =>
        {
            var x = d.Floats(d.Next(1, 4));
            d.Node("Where", [d.Whole(d.Stretching(x.Shape), 0, 1, OnnxType.Bool), x, d.Floats(d.Stretching(x.Shape))]);
        }) { IsTame = true },
        new("Affine", d => d.Node("Affine", [d.Floats(d.Next(1, 4))], ("alpha", d.Real(-2, 2)), ("beta", d.Real(-2, 2)))) { Until = 9 },
        new("ImageScaler", d =>
        {
            var x = d.Floats(4);
            d.Node("ImageScaler", [x], ("scale", d.Real(-2, 2)), ("bias", Enumerable.Range(0, x.Shape[1]).Select(_ => d.Real(-1, 1)).ToArray()));
        }) { Until = 9 },
    ];

    private static OperatorDraw Unary(string op, double low = -3, double high = 3) => new(op, d => d.Node(op, [d.Input(d.Shape(d.Next(0, 5)), low, high)]));

    private static OperatorDraw Binary(string op) => new(op, d => Pair(d, op, (-2, 2), (-2, 2)));

    /// <summary>Two operands, of which either may be the smaller one, a constant, or the other one again.</summary>
    private static void Pair(Draft d, string op, (double Low, double High) first, (double Low, double High) second)
    {
        var x = d.Floats(d.Next(0, 5), first.Low, first.High);
        if (d.Chance(0.1) && first == second)
        {
            d.Node(op, [x, x]);
            return;
        }

        int[] other = d.Stretching(x.Shape);
        var y = d.Chance(0.3) ? d.Constant(other, second.Low, second.High) : first == second ? d.Floats(other, second.Low, second.High) : d.Input(other, second.Low, second.High);
        d.Node(op, first == second && d.Chance(0.3) ? [y, x] : [x, y]);
    }

    /// <summary>Whole numbers, so that equal ones occur.</summary>
    private static OperatorDraw Relation(string op) => new(op, d =>
    {
        var x = d.Whole(d.Shape(d.Next(0, 4)), -2, 2, OnnxType.Float);
        d.Node(op, [x, d.Whole(d.Stretching(x.Shape), -2, 2, OnnxType.Float)]);
    });

    private static OperatorDraw Logic(string op) => new(op, d =>
    {
        var x = d.Whole(d.Shape(d.Next(0, 4)), 0, 1, OnnxType.Bool);
        d.Node(op, [x, d.Whole(d.Stretching(x.Shape), 0, 1, OnnxType.Bool)]);
    });

    private static OperatorDraw Many(string op) => new(op, d =>
    {
        var x = d.Floats(d.Next(1, 4));
        d.Node(op, [x, .. Enumerable.Range(0, d.Next(0, 3)).Select(_ => (string)d.Floats(d.Stretching(x.Shape)))]);
    }) { IsTame = true };
}
