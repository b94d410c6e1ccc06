using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Export;

/// <summary>Layers that move, choose and join elements.</summary>
internal static class ExportStructure
{
    /// <summary>All inputs as float32.</summary>
    public static IEnumerable<string> All(ExportNode node) => Enumerable.Range(0, node.InputCount).Select(i => node.Input(i)).ToArray();

    public static void Dropout(ExportNode node) => node.Result("Dropout", [node.Input(), node.Scalar("ratio", ((Dropout)node.Node.Layer).Rate)]);

    public static void Slice(ExportNode node)
    {
        var ranges = ((Slice)node.Node.Layer).Ranges;
        string Longs(string role, Func<AxisRange, long> value) => node.Constant(OnnxTensor.Vector([.. ranges.Select(value)]), role);
        static long End(AxisRange range) => range.End switch { int.MaxValue => long.MaxValue, int.MinValue => long.MinValue, _ => range.End };
        string[] operands = [node.RawInput(), Longs("starts", range => range.Start), Longs("ends", End), Longs("axes", range => range.Axis)];
        node.Typed(node.InputType(), "Slice", ranges.All(range => range.Step == 1) ? operands : [.. operands, Longs("steps", range => range.Step)]);
    }

    public static void Split(ExportNode node)
    {
        var layer = (Split)node.Node.Layer;
        var type = node.InputType();
        node.Results("Split", [node.RawInput(), node.Vector("split", layer.Lengths)], [.. layer.Lengths.Select(_ => type)], Attributes.Int("axis", layer.Axis));
    }

    public static void Flatten(ExportNode node)
    {
        int axis = ((Flatten)node.Node.Layer).Axis, rank = node.Shapes[0].Rank;
        node.Typed(node.InputType(), "Flatten", [node.RawInput()], Attributes.Int("axis", axis < 0 ? axis + rank : axis));
    }

    public static void Squeeze(ExportNode node)
    {
        var axes = ((Squeeze)node.Node.Layer).Axes;
        node.Typed(node.InputType(), "Squeeze", axes.Count == 0 ? [node.RawInput()] : [node.RawInput(), node.Vector("axes", axes)]);
    }

    public static void Transpose(ExportNode node)
    {
        var order = ((Transpose)node.Node.Layer).Order;
        node.Typed(node.InputType(), "Transpose", [node.RawInput()], order.Count == 0 ? [] : [Attributes.Ints("perm", order)]);
    }

    public static void Pad(ExportNode node)
    {
        var layer = (Pad)node.Node.Layer;
        if (layer.Mode == PadMode.Wrap)
            node.Graph.Need(19);
        string pads = node.Vector("pads", [.. layer.Before, .. layer.After]);
        string[] operands = layer.Mode == PadMode.Constant ? [node.Input(), pads, node.Scalar("value", layer.Value)] : [node.Input(), pads];
        node.Result("Pad", operands, Attributes.Text("mode", layer.Mode.ToString().ToLowerInvariant()));
    }

    public static void DepthToSpace(ExportNode node)
    {
        var layer = (DepthToSpace)node.Node.Layer;
        node.Result("DepthToSpace", [node.Input()], Attributes.Int("blocksize", layer.Block), Attributes.Text("mode", layer.Order == DepthOrder.PositionFirst ? "DCR" : "CRD"));
    }

    public static void SpaceToDepth(ExportNode node)
    {
        var layer = (SpaceToDepth)node.Node.Layer;
        if (layer.Order == DepthOrder.PositionFirst)
        {
            node.Result("SpaceToDepth", [node.Input()], Attributes.Int("blocksize", layer.Block));
            return;
        }

        Shape x = node.Shapes[0], y = node.Output;
        string squares = node.Emit("Reshape", [node.Input(), node.Vector("squares", x.Batch, x.Channels, y.Height, layer.Block, y.Width, layer.Block)]);
        string moved = node.Emit("Transpose", [squares], Attributes.Ints("perm", 0, 1, 3, 5, 2, 4));
        node.Result("Reshape", [moved, node.Vector("shape", y.ToArray())]);
    }

    public static void ChannelShuffle(ExportNode node)
    {
        int groups = ((ChannelShuffle)node.Node.Layer).Groups;
        var x = node.Shapes[0];
        string grouped = node.Emit("Reshape", [node.Input(), node.Vector("groups", x.Batch, groups, x.Channels / groups, x.Height, x.Width)]);
        string swapped = node.Emit("Transpose", [grouped], Attributes.Ints("perm", 0, 2, 1, 3, 4));
        node.Result("Reshape", [swapped, node.Vector("shape", x.ToArray())]);
    }

    public static void OneHot(ExportNode node)
    {
        var layer = (OneHot)node.Node.Layer;
        string values = node.Constant(OnnxTensor.From(OnnxType.Float, new Shape(2), [(double)layer.Off, layer.On]), "values");
        node.Result("OneHot", [node.Input(0, OnnxType.Int64), node.Constant(OnnxTensor.Vector(layer.Depth), "depth"), values], Attributes.Int("axis", layer.Axis < 0 ? layer.Axis + node.Output.Rank : layer.Axis));
    }

    public static void NonMaxSuppression(ExportNode node)
    {
        var layer = (NonMaxSuppression)node.Node.Layer;
        string most = node.Constant(OnnxTensor.Vector(layer.MaxBoxesPerClass), "max_output_boxes_per_class");
        string overlap = node.Constant(OnnxTensor.From(OnnxType.Float, new Shape(1), [(double)layer.IouThreshold]), "iou_threshold");
        string[] operands = [node.Input(0), node.Input(1), most, overlap];
        if (!float.IsNegativeInfinity(layer.ScoreThreshold))
            operands = [.. operands, node.Constant(OnnxTensor.From(OnnxType.Float, new Shape(1), [(double)layer.ScoreThreshold]), "score_threshold")];
        node.Typed(OnnxType.Int64, "NonMaxSuppression", operands, Attributes.Flag("center_point_box", layer.CenterPoint));
    }

    /// <summary>The remainder with the divisor's sign, which Mod only has for integers: <c>a − b·floor(a / b)</c>.</summary>
    public static void Remainder(ExportNode node)
    {
        string whole = node.Emit("Floor", [node.Emit("Div", [node.Input(0), node.Input(1)])]);
        node.Result("Sub", [node.Input(0), node.Emit("Mul", [node.Input(1), whole])]);
    }
}
