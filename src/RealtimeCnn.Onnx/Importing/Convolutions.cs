using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>Convolutions.</summary>
internal static class Convolutions
{
    public static void Conv(OnnxNode node)
    {
        var x = node.Input(0);
        OnnxTensor weight = node.Constant(1, "W");
        var bias = node.OptionalConstant(2, "B");
        var window = WindowAttributes.Read(node, x.Shape, weight.Shape);
        int groups = Count(node, "group", node.Int("group", 1));
        int outChannels = weight.Shape[0], inChannels = x.Shape.Channels;
        if (inChannels != (long)weight.Shape[1] * groups)
            throw OnnxNode.Problem("W", $"{weight.Shape} with {groups} groups does not fit the {inChannels} channels of the input {x.Shape}.");
        if (bias != null && bias.Count != outChannels)
            throw OnnxNode.Problem("B", $"{bias.Shape} must have one element for each of the {outChannels} output channels.");

        var layer = Choose(inChannels, outChannels, groups, window.Kernel) with
        {
            Stride = window.Stride, Dilation = window.Dilation, Padding = window.Padding, HasBias = bias != null,
        };
        Tensor[] parameters = [.. layer.Parameters.Zip(bias == null ? [weight] : new[] { weight, bias }, (spec, value) => node.Graph.Parameter(value, spec.Shape))];
        node.Return(Planar.Through(node, x, planar => node.Add(layer, planar, parameters)));
    }

    /// <summary>A number that must be at least 1.</summary>
    public static int Count(OnnxNode node, string name, long value) =>
        value is >= 1 and <= int.MaxValue ? (int)value : throw OnnxNode.Problem($"attribute '{name}'", $"is {value}; it must be at least 1.");

    private static ConvolutionLayer Choose(int inChannels, int outChannels, int groups, Size2d kernel)
    {
        if (groups == inChannels && groups > 1 && outChannels % groups == 0)
            return new DepthwiseConv2d(inChannels, kernel, outChannels / groups);
        if (groups == 1 && kernel == new Size2d(1, 1))
            return new PointwiseConv2d(inChannels, outChannels);
        return new Conv2d(inChannels, outChannels, kernel) { Groups = groups };
    }
}
