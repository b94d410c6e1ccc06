using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>Which axes a reduction goes over, in the forms of all operator sets.</summary>
internal static class Reductions
{
    /// <summary>Axes in order, and whether they stay as axes of extent 1. No axes: nothing is reduced.</summary>
    public static (int[] Axes, bool Keep) Read(OnnxNode node, Shape x)
    {
        long[] given = node.IntsFrom("axes", 1) ?? [];
        bool noneMeansNone = node.Flag("noop_with_empty_axes");
        int[] axes = given.Length > 0 ? OnnxNode.Axes(given, x.Rank)
            : noneMeansNone ? []
            : [.. Enumerable.Range(0, x.Rank)];
        Array.Sort(axes);
        return (axes, node.Flag("keepdims", true));
    }

    public static Shape Shape(Shape x, int[] axes, bool keep) => new(
        [.. Enumerable.Range(0, x.Rank).Where(axis => keep || !axes.Contains(axis)).Select(axis => axes.Contains(axis) ? 1 : x[axis])]);

    /// <summary>Reduces the axes that the node names.</summary>
    public static Action<OnnxNode> Map(ReduceFunction function) => node =>
    {
        var x = node.Input(0);
        var (axes, keep) = Read(node, x.Shape);
        node.Return(axes.Length == 0 && x.Shape.Rank > 0 ? Alone(node, function, x) : Over(node, function, x, axes, keep));
    };

    public static Value Over(OnnxNode node, ReduceFunction function, Value x, int[] axes, bool keep)
    {
        if (x.Shape.Rank == 0)
            return Alone(node, function, x);
        if (x.Shape.Count > 0)
            return node.Add(new Reduce(function, axes) { KeepAxes = keep }, x);
        var shape = Shape(x.Shape, axes, keep);
        return node.Filled(x.Type, shape, OfNothing(function, x.Type), "An empty reduction");
    }

    /// <summary>The mean over axes, which stay as axes of extent 1.</summary>
    public static Value Mean(OnnxNode node, Value x, int[] axes) => Over(node, ReduceFunction.Mean, x, axes, true);

    public static Action<OnnxNode> ArgExtreme(Func<int, ArgExtremeLayer> make) => node =>
    {
        var x = node.Input(0);
        int axis = OnnxNode.Axis(node.Int("axis", 0), x.Shape.Rank);
        var layer = make(axis) with { KeepAxis = node.Flag("keepdims", true), SelectLast = node.Flag("select_last_index") };
        node.Return(node.Add(layer, [x], OnnxType.Int64));
    };

    /// <summary>TopK: k is an attribute up to opset 9.</summary>
    public static void TopK(OnnxNode node)
    {
        var x = node.Input(0);
        int axis = OnnxNode.Axis(node.Int("axis", -1), x.Shape.Rank);
        int k = (int)Math.Clamp(node.Opset < 10 ? node.Int("k", 0) : node.Number(1, "K").Int64At(0), 0, int.MaxValue);
        _ = node.Flag("sorted", true);
        bool largest = node.Flag("largest", true);
        var values = node.Add(new TopK(k, axis) { Largest = largest }, x);
        node.Return(values);
        if (node.HasOutput(1))
            node.Return(node.Output(values, 1, OnnxType.Int64), 1);
    }

    public static void CumSum(OnnxNode node)
    {
        var x = node.Input(0);
        int axis = OnnxNode.Axis(node.Number(1, "axis").Int64At(0), x.Shape.Rank);
        node.Return(node.Add(new CumSum(axis, node.Flag("exclusive"), node.Flag("reverse")), x));
    }

    /// <summary>What a reduction of no elements gives.</summary>
    private static double OfNothing(ReduceFunction function, OnnxType type) => function switch
    {
        ReduceFunction.Product => 1,
        ReduceFunction.Max => type.Range().Least,
        ReduceFunction.Min => type.Range().Greatest,
        ReduceFunction.Mean => double.NaN,
        ReduceFunction.LogSum or ReduceFunction.LogSumExp => double.NegativeInfinity,
        _ => 0,
    };

    /// <summary>What a reduction over no axes gives: the function of each element alone.</summary>
    private static Value Alone(OnnxNode node, ReduceFunction function, Value x) => function switch
    {
        ReduceFunction.L1 or ReduceFunction.L2 => node.Add(new Abs(), x),
        ReduceFunction.LogSum => node.Add(new Log(), x),
        ReduceFunction.SumSquare => node.Add(new Square(), x),
        _ => x,
    };
}
