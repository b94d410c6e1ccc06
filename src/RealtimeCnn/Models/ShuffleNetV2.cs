using RealtimeCnn.Graphs;

namespace RealtimeCnn.Models;

/// <summary>ShuffleNetV2 ×1: each block works on half of the channels and shuffles the halves into each other.</summary>
/// <remarks>
/// Input <c>[N, 3, 224, 224]</c>; 2,278,604 parameters. Source: Ma et al. 2018, "ShuffleNet V2: Practical Guidelines for Efficient CNN
/// Architecture Design", arXiv:1807.11164, table 5 and figure 3 (c, d).
/// </remarks>
public static class ShuffleNetV2
{
    private static readonly (int Channels, int Blocks)[] Stages = [(116, 4), (232, 8), (464, 4)];

    /// <summary>The network with random weights.</summary>
    public static Graph Create(ModelOptions? options = null)
    {
        options ??= new ModelOptions();
        var (builder, x) = options.Start();
        bool small = x.IsSmall();
        x = x.Within("conv1").Conv2d(24, kernel: 3, x.StemStride(2), padding: 1, bias: false, name: "conv").BatchNorm2d(name: "bn").Relu();
        if (!small)
            x = x.Within("").MaxPool2d(3, stride: 2, padding: 1, name: "maxpool");
        for (int stage = 0; stage < Stages.Length; stage++)
        {
            for (int i = 0; i < Stages[stage].Blocks; i++)
            {
                x = x.Within($"stage{stage + 2}.{i}");
                x = i == 0 ? Reduce(x, Stages[stage].Channels / 2) : Keep(x);
            }
        }

        x = x.Within("conv5").PointwiseConv2d(1024, bias: false, name: "conv").BatchNorm2d(name: "bn").Relu();
        return builder.Build(x.Within("").GlobalAveragePool().Flatten().Linear(options.ClassCount, name: "logits"));
    }

    /// <summary>Halves the picture: both branches see all channels.</summary>
    private static SymbolicTensor Reduce(SymbolicTensor x, int half)
    {
        var left = x.DepthwiseConv2d(kernel: 3, stride: 2, padding: 1, bias: false, name: "branch1.depthwise").BatchNorm2d(name: "branch1.bn1")
            .PointwiseConv2d(half, bias: false, name: "branch1.pointwise").BatchNorm2d(name: "branch1.bn2").Relu();
        return Shuffle(left, Branch(x, half, stride: 2));
    }

    /// <summary>Keeps the size: one half of the channels passes unchanged.</summary>
    private static SymbolicTensor Keep(SymbolicTensor x)
    {
        int half = x.Channels / 2;
        return Shuffle(x.SliceChannels(0, half, name: "left"), Branch(x.SliceChannels(half, half, name: "right"), half, stride: 1));
    }

    private static SymbolicTensor Branch(SymbolicTensor x, int half, int stride) => x
        .PointwiseConv2d(half, bias: false, name: "branch2.reduce").BatchNorm2d(name: "branch2.bn1").Relu()
        .DepthwiseConv2d(kernel: 3, stride, padding: 1, bias: false, name: "branch2.depthwise").BatchNorm2d(name: "branch2.bn2")
        .PointwiseConv2d(half, bias: false, name: "branch2.pointwise").BatchNorm2d(name: "branch2.bn3").Relu();

    private static SymbolicTensor Shuffle(SymbolicTensor left, SymbolicTensor right) =>
        left.Concat([right], name: "concat").ChannelShuffle(2, name: "shuffle");
}
