using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Export;

/// <summary>Normalisation.</summary>
internal static class ExportNormalizations
{
    public static void BatchNorm(ExportNode node)
    {
        var layer = (BatchNorm2d)node.Node.Layer;
        node.Result("BatchNormalization", [node.Input(), node.Parameter(0), node.Parameter(1), node.Parameter(2), node.Parameter(3)], Attributes.Float("epsilon", layer.Epsilon));
    }

    public static void InstanceNorm(ExportNode node) => node.Result(
        "InstanceNormalization", [node.Input(), node.Parameter(0), node.Parameter(1)], Attributes.Float("epsilon", ((InstanceNorm2d)node.Node.Layer).Epsilon));

    public static void GroupNorm(ExportNode node)
    {
        var layer = (GroupNorm)node.Node.Layer;
        node.Graph.Need(21);
        node.Result("GroupNormalization", [node.Input(), node.Parameter(0), node.Parameter(1)], Attributes.Int("num_groups", layer.Groups), Attributes.Float("epsilon", layer.Epsilon));
    }

    public static void LayerNorm(ExportNode node)
    {
        var layer = (LayerNorm)node.Node.Layer;
        node.Result("LayerNormalization", [node.Input(), node.Parameter(0), node.Parameter(1)], Attributes.Int("axis", -layer.NormalizedShape.Rank), Attributes.Float("epsilon", layer.Epsilon));
    }

    public static void Lrn(ExportNode node)
    {
        var layer = (Lrn)node.Node.Layer;
        node.Result("LRN", [node.Input()], Attributes.Int("size", layer.Size), Attributes.Float("alpha", layer.Alpha), Attributes.Float("beta", layer.Beta), Attributes.Float("bias", layer.Bias));
    }

    /// <summary>Input normalisation with known numbers: <c>(x − mean) / deviation</c>, or by the range.</summary>
    public static void InputNormalization(ExportNode node)
    {
        var layer = (InputNormalization)node.Node.Layer;
        if (layer.IsMeasured)
            throw node.Unsupported("it measures each input; only known means and ranges can be written.");
        var shape = node.PerChannel(layer.Channels);
        string centered = node.Emit("Sub", [node.Input(), node.Parameter(0, shape)]);
        string divisor = node.Node.Parameters.Count == 2 ? node.Parameter(1, shape) : node.Emit("Sub", [node.Parameter(2, shape), node.Parameter(1, shape)]);
        node.Result("Div", [centered, divisor]);
    }
}
