using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs.Passes;

/// <summary>Names a general convolution by what it is, so that the kernels made for it are found: depthwise where every channel is a group of its own, pointwise where the window is one pixel.</summary>
internal static class SpecializeConvolutions
{
    public static Graph Run(Graph graph) => GraphRewriter.Rewrite(graph, (node, inputs) =>
        node.Layer is Conv2d convolution && Specialized(convolution) is { } special ? new Node(node.Name, special, inputs, node.Parameters) : null);

    private static ConvolutionLayer? Specialized(Conv2d layer)
    {
        ConvolutionLayer? special =
            layer.Groups == layer.InChannels && layer.Groups > 1 ? new DepthwiseConv2d(layer.InChannels, layer.Kernel, layer.OutChannels / layer.InChannels) :
            layer is { Groups: 1, Kernel: { Height: 1, Width: 1 }, Padding.IsNone: true } ? new PointwiseConv2d(layer.InChannels, layer.OutChannels) :
            null;
        return special == null ? null : special with
        {
            Stride = layer.Stride,
            Padding = layer.Padding,
            PaddingMode = layer.PaddingMode,
            Dilation = layer.Dilation,
            HasBias = layer.HasBias,
            AddsResidual = layer.AddsResidual,
            Activation = layer.Activation,
        };
    }
}
