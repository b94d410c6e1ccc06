using RealtimeCnn.Fuzz.Drawing;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Fuzz.Operators;

/// <summary>Functions of all elements along axes.</summary>
internal static class Reductions
{
    public static IEnumerable<OperatorDraw> All =>
    [
        Reduce("ReduceSum"), Reduce("ReduceMean") with { IsTame = true }, Reduce("ReduceMax") with { IsTame = true }, Reduce("ReduceMin") with { IsTame = true },
        Reduce("ReduceL1"), Reduce("ReduceL2"), Reduce("ReduceSumSquare"), Reduce("ReduceLogSumExp") with { IsTame = true },
        Reduce("ReduceProd", 0.9, 1.1), Reduce("ReduceLogSum", 0.1, 2),
        Extreme("ArgMax"), Extreme("ArgMin"),
        new("TopK", TopK),
        new("CumSum", d =>
        {
            var x = d.Floats(d.Next(1, 4), 0, 2);
            d.Node("CumSum", [x, d.Scalar(d.Axis(x.Rank), OnnxType.Int64)], ("exclusive", d.Maybe(d.Chance(0.5))), ("reverse", d.Maybe(d.Chance(0.5))));
        }) { Since = 11 },
    ];

    private static OperatorDraw Reduce(string op, double low = -2, double high = 2) => new(op, d =>
    {
        var x = low < 0 ? d.LongFloats(d.Next(1, 5), low, high) : d.Input(d.Shape(d.Next(1, 4)), low, high);
        int[] axes = d.Axes(x.Rank, 1);
        object? keep = d.Maybe(d.Chance(0.5));
        bool isInput = d.Opset >= (op == "ReduceSum" ? 13 : 18);
        if (d.Chance(0.2))
            d.Node(op, [x], ("keepdims", keep));
        else if (isInput)
            d.Node(op, [x, d.Vector(axes)], ("keepdims", keep));
        else
            d.Node(op, [x], ("axes", axes), ("keepdims", keep));
    });

    /// <summary>Whole numbers as floats, so that the extreme often occurs twice.</summary>
    private static OperatorDraw Extreme(string op) => new(op, d =>
    {
        var x = d.Chance(0.5) ? d.Whole(d.Shape(d.Next(1, 4)), -3, 3, OnnxType.Float) : d.LongFloats(d.Next(1, 4));
        d.Node(op, [x], ("axis", d.Maybe(d.Axis(x.Rank))), ("keepdims", d.Maybe(d.Chance(0.5))), ("select_last_index", d.Opset >= 12 ? d.Maybe(d.Chance(0.5)) : null));
    });

    private static void TopK(Draft d)
    {
        var x = d.Chance(0.5) ? d.Whole(d.Shape(d.Next(1, 4)), -3, 3, OnnxType.Float) : d.Floats(d.Next(1, 4));
        int axis = d.Axis(x.Rank), extent = x.Shape[axis < 0 ? axis + x.Rank : axis], k = d.Next(1, extent);
        if (d.Opset < 10)
            d.Nodes("TopK", [x], 2, ("k", k), ("axis", axis));
        else
            d.Nodes("TopK", [x, d.Vector(k)], 2, ("axis", axis), ("largest", d.Opset < 11 ? null : d.Maybe(d.Chance(0.5))));
    }
}
