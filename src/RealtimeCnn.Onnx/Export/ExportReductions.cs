using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Export;

/// <summary>Reductions, extremes and sums along an axis.</summary>
internal static class ExportReductions
{
    public static void Reduce(ExportNode node)
    {
        var layer = (Reduce)node.Node.Layer;
        var keep = Attributes.Flag("keepdims", layer.KeepAxes);
        string op = layer.Function == ReduceFunction.Product ? "ReduceProd" : $"Reduce{layer.Function}";
        // Before opset 18 axes are an attribute, but for ReduceSum.
        if (layer.Axes.Count == 0)
            node.Result(op, [node.Input()], keep);
        else if (layer.Function == ReduceFunction.Sum)
            node.Result(op, [node.Input(), node.Vector("axes", layer.Axes)], keep);
        else
        {
            node.Graph.Need(18);
            node.Result(op, [node.Input(), node.Vector("axes", layer.Axes)], keep);
        }
    }

    public static void ArgExtreme(ExportNode node, string op)
    {
        var layer = (ArgExtremeLayer)node.Node.Layer;
        node.Typed(OnnxType.Int64, op, [node.Input()], Attributes.Int("axis", layer.Axis), Attributes.Flag("keepdims", layer.KeepAxis), Attributes.Flag("select_last_index", layer.SelectLast));
    }

    public static void TopK(ExportNode node)
    {
        var layer = (TopK)node.Node.Layer;
        node.Results(
            "TopK", [node.Input(), node.Vector("k", layer.K)], [OnnxType.Float, OnnxType.Int64], Attributes.Int("axis", layer.Axis), Attributes.Flag("largest", layer.Largest));
    }

    public static void CumSum(ExportNode node)
    {
        var layer = (CumSum)node.Node.Layer;
        node.Result("CumSum", [node.Input(), node.Constant(OnnxTensor.Scalar(OnnxType.Int64, layer.Axis), "axis")], Attributes.Flag("exclusive", layer.Exclusive), Attributes.Flag("reverse", layer.Reverse));
    }

    /// <summary>Maxout: the largest of neighbouring channels.</summary>
    public static void Maxout(ExportNode node)
    {
        int pieces = ((Maxout)node.Node.Layer).Pieces;
        var x = node.Shapes[0];
        int[] behind = x.ToArray()[2..];
        string groups = node.Emit("Reshape", [node.Input(), node.Vector("pieces", [x.Batch, x.Channels / pieces, pieces, .. behind])]);
        node.Graph.Need(18);
        node.Result("ReduceMax", [groups, node.Vector("axes", 2)], Attributes.Int("keepdims", 0));
    }
}
