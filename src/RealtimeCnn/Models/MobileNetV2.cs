using RealtimeCnn.Graphs;

namespace RealtimeCnn.Models;

/// <summary>MobileNetV2: inverted residuals expand the channels, filter them depthwise, and project them to a thin layer without activation.</summary>
/// <remarks>
/// Input <c>[N, 3, 224, 224]</c>; 3,504,872 parameters at width 1. Source: Sandler et al. 2018, "MobileNetV2: Inverted Residuals and
/// Linear Bottlenecks", arXiv:1801.04381, table 2.
/// </remarks>
public static class MobileNetV2
{
    private static readonly (int Expansion, int Channels, int Repeats, int Stride)[] Stages =
    [
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ];

    private static readonly (int Expansion, int Channels, int Repeats, int Stride)[] TinyStages =
    [
        (1, 16, 1, 1), (4, 24, 2, 2), (4, 32, 3, 2), (4, 48, 3, 2),
    ];

    /// <summary>The network with random weights.</summary>
    public static Graph Create(ModelOptions? options = null)
    {
        options ??= new ModelOptions();
        return Build(options, options.Start(), stem: 32, Stages, ModelBlocks.RoundTo8(1280 * Math.Max(1, options.Width)), dropout: 0.2f);
    }

    /// <summary>The same blocks for a few classes in small pictures: nine of them, 16 to 48 channels wide, 192 before the classes.</summary>
    /// <remarks>Input <c>[N, 3, 64, 64]</c>; 102,571 parameters and 7.1 million multiply-accumulates with eleven classes.</remarks>
    public static Graph CreateTiny(ModelOptions? options = null)
    {
        options ??= new ModelOptions();
        return Build(options, options.Start(size: 64), stem: 16, TinyStages, ModelBlocks.RoundTo8(192 * options.Width), dropout: 0.1f);
    }

    private static Graph Build(
        ModelOptions options, (GraphBuilder Builder, SymbolicTensor Input) start, int stem, (int Expansion, int Channels, int Repeats, int Stride)[] stages, int last, float dropout)
    {
        var (builder, x) = start;
        int Scaled(int channels) => ModelBlocks.RoundTo8(channels * options.Width);
        x = x.Within("conv1").Conv2d(Scaled(stem), kernel: 3, x.StemStride(2), padding: 1, bias: false, name: "conv").BatchNorm2d(name: "bn").Relu6();
        int block = 1;
        foreach (var (expansion, channels, repeats, stride) in stages)
        {
            for (int i = 0; i < repeats; i++)
                x = InvertedResidual(x.Within($"block{block++}"), expansion, Scaled(channels), i == 0 ? stride : 1);
        }

        x = x.Within("last").PointwiseConv2d(last, bias: false, name: "conv").BatchNorm2d(name: "bn").Relu6();
        return builder.Build(x.Within("").GlobalAveragePool().Flatten().Dropout(dropout).Linear(options.ClassCount, name: "logits"));
    }

    private static SymbolicTensor InvertedResidual(SymbolicTensor x, int expansion, int channels, int stride)
    {
        var y = x;
        if (expansion != 1)
            y = y.PointwiseConv2d(x.Channels * expansion, bias: false, name: "expand").BatchNorm2d(name: "bn1").Relu6();
        y = y.DepthwiseConv2d(kernel: 3, stride, padding: 1, bias: false, name: "depthwise").BatchNorm2d(name: "bn2").Relu6()
            .PointwiseConv2d(channels, bias: false, name: "project").BatchNorm2d(name: "bn3");
        return stride == 1 && x.Channels == channels ? y.Add(x, name: "add") : y;
    }
}
