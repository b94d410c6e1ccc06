using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Demo.Recognition;

/// <summary>What layers compute, in a few words.</summary>
internal static class LayerTitles
{
    /// <summary>A node with what is fused into it.</summary>
    public static string Of(Node node) => node.Layer switch
    {
        BatchNorm2d => Of(node.Inputs[0]),
        ActivationLayer activation => $"{Of(node.Inputs[0])} + {NameOf(activation)}",
        PointwiseConv2d => "pointwise 1×1",
        DepthwiseConv2d depthwise => $"depthwise {depthwise.Kernel.Height}×{depthwise.Kernel.Width}",
        ConvolutionLayer convolution => $"conv {convolution.Kernel.Height}×{convolution.Kernel.Width}",
        MaxPool2d pool => $"max pool {pool.Kernel.Height}×{pool.Kernel.Width}",
        AveragePool2d pool => $"average pool {pool.Kernel.Height}×{pool.Kernel.Width}",
        _ => NameOf(node.Layer),
    };

    private static string NameOf(Layer layer) => layer switch
    {
        Relu => "ReLU",
        Relu6 or Clip { Lower: 0, Upper: 6 } => "ReLU6",
        _ => layer.GetType().Name,
    };
}
