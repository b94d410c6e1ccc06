using RealtimeCnn.Graphs;

namespace RealtimeCnn.Models;

/// <summary>MobileNet: every convolution but the first is cut into a depthwise 3×3 and a pointwise one.</summary>
/// <remarks>
/// Input <c>[N, 3, 224, 224]</c>; 4,231,976 parameters at width 1. Source: Howard et al. 2017, "MobileNets: Efficient Convolutional
/// Neural Networks for Mobile Vision Applications", arXiv:1704.04861, table 1; the width multiplier is section 3.3.
/// </remarks>
public static class MobileNetV1
{
    private static readonly (int Channels, int Stride)[] Blocks =
    [
        (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1),
    ];

    /// <summary>The network with random weights.</summary>
    public static Graph Create(ModelOptions? options = null)
    {
        options ??= new ModelOptions();
        var (builder, x) = options.Start();
        int Scaled(int channels) => Math.Max(1, (int)(channels * options.Width));
        x = x.Within("conv1").Conv2d(Scaled(32), kernel: 3, x.StemStride(2), padding: 1, bias: false, name: "conv").BatchNorm2d(name: "bn").Relu();
        for (int i = 0; i < Blocks.Length; i++)
        {
            x = x.Within($"block{i + 1}")
                .DepthwiseConv2d(kernel: 3, Blocks[i].Stride, padding: 1, bias: false, name: "depthwise").BatchNorm2d(name: "bn1").Relu()
                .PointwiseConv2d(Scaled(Blocks[i].Channels), bias: false, name: "pointwise").BatchNorm2d(name: "bn2").Relu();
        }

        return builder.Build(x.Within("").GlobalAveragePool().Flatten().Dropout(0.001f).Linear(options.ClassCount, name: "logits"));
    }
}
