using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>Convolutions.</summary>
internal static class Convolutions
{
    public static void Conv(OnnxNode node) => node.Return(Convolve(node, node.Input(0), node.Constant(1, "W"), node.OptionalConstant(2, "B")));

    /// <summary>A convolution with the attributes of the node.</summary>
    public static Value Convolve(OnnxNode node, Value x, OnnxTensor weight, OnnxTensor? bias)
    {
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
        OnnxTensor[] values = bias == null ? [weight] : [weight, bias];
        Tensor[] parameters = layer.Parameters.Map((spec, i) => node.Graph.Parameter(values[i], spec.Shape));
        return Planar.Through(node, x, planar => node.Add(layer, planar, parameters));
    }

    public static void ConvTranspose(OnnxNode node)
    {
        var x = node.Input(0);
        OnnxTensor weight = node.Constant(1, "W");
        var bias = node.OptionalConstant(2, "B");
        var window = WindowAttributes.Read(node, x.Shape, weight.Shape);
        int groups = Count(node, "group", node.Int("group", 1)), axes = x.Shape.Rank - 2;
        if (x.Shape.Channels != weight.Shape[0])
            throw OnnxNode.Problem("W", $"{weight.Shape} does not fit the {x.Shape.Channels} channels of the input {x.Shape}.");
        int outChannels = checked(weight.Shape[1] * groups);
        if (bias != null && bias.Count != outChannels)
            throw OnnxNode.Problem("B", $"{bias.Shape} must have one element for each of the {outChannels} output channels.");

        var outputPadding = WindowAttributes.Pair("output_padding", node.Ints("output_padding") ?? new long[axes], axes, 0);
        var layer = new ConvTranspose2d(x.Shape.Channels, outChannels, window.Kernel)
        {
            Stride = window.Stride, Dilation = window.Dilation, Groups = groups, HasBias = bias != null, Padding = window.Padding, OutputPadding = outputPadding,
        };
        if (node.Ints("output_shape") is { } wanted)
            layer = Reach(layer, x.Shape, WindowAttributes.Pair("output_shape", wanted.Length > axes ? wanted[^axes..] : wanted, axes), node.Text("auto_pad", "NOTSET") == "SAME_UPPER");
        OnnxTensor[] values = bias == null ? [weight] : [weight, bias];
        Tensor[] parameters = layer.Parameters.Map((spec, i) => node.Graph.Parameter(values[i], spec.Shape));
        node.Return(Planar.Through(node, x, planar => node.Add(layer, planar, parameters)));
    }

    /// <summary>A number that must be at least 1.</summary>
    public static int Count(OnnxNode node, string name, long value) =>
        value is >= 1 and <= int.MaxValue ? (int)value : throw OnnxNode.Problem($"attribute '{name}'", $"is {value}; it must be at least 1.");

    /// <summary>Chooses padding so that the output gets a given size; what the full result lacks is added behind.</summary>
    private static ConvTranspose2d Reach(ConvTranspose2d layer, Shape x, Size2d wanted, bool oddBehind)
    {
        static int Total(int length, int kernel, int stride, int dilation, int added, int wanted) =>
            (int)Math.Clamp(((length - 1L) * stride) + added + (dilation * (kernel - 1L)) + 1 - wanted, int.MinValue, int.MaxValue);
        int height = Total(x.Rank == 3 ? 1 : x.Height, layer.Kernel.Height, layer.Stride.Height, layer.Dilation.Height, layer.OutputPadding.Height, wanted.Height);
        int width = Total(x.Width, layer.Kernel.Width, layer.Stride.Width, layer.Dilation.Width, layer.OutputPadding.Width, wanted.Width);
        int cutHeight = Math.Max(height, 0), cutWidth = Math.Max(width, 0);
        int top = oddBehind ? cutHeight / 2 : cutHeight - (cutHeight / 2), left = oddBehind ? cutWidth / 2 : cutWidth - (cutWidth / 2);
        return layer with
        {
            Padding = new Padding2d(top, left, cutHeight - top, cutWidth - left),
            OutputPadding = new Size2d(layer.OutputPadding.Height + Math.Max(-height, 0), layer.OutputPadding.Width + Math.Max(-width, 0)),
        };
    }

    private static ConvolutionLayer Choose(int inChannels, int outChannels, int groups, Size2d kernel)
    {
        if (groups == inChannels && groups > 1 && outChannels % groups == 0)
            return new DepthwiseConv2d(inChannels, kernel, outChannels / groups);
        if (groups == 1 && kernel == new Size2d(1, 1))
            return new PointwiseConv2d(inChannels, outChannels);
        return new Conv2d(inChannels, outChannels, kernel) { Groups = groups };
    }
}
