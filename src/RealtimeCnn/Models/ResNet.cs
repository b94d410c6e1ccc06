using RealtimeCnn.Graphs;
using RealtimeCnn.Training;

namespace RealtimeCnn.Models;

/// <summary>Residual networks: each block adds what it computes to its input, so that depth does not hinder training.</summary>
/// <remarks>
/// Input <c>[N, 3, 224, 224]</c>; ResNet-18 has 11,689,512 parameters, ResNet-50 25,557,032. Source: He et al. 2015, "Deep Residual
/// Learning for Image Recognition", arXiv:1512.03385, table 1; ResNet-50 with the stride in the 3×3 convolution, as torchvision.
/// </remarks>
public static class ResNet
{
    /// <summary>ResNet-18 with random weights.</summary>
    public static Graph Create18(ModelOptions? options = null) => Create(options, BasicBlock, [2, 2, 2, 2]);

    /// <summary>ResNet-50 with random weights.</summary>
    public static Graph Create50(ModelOptions? options = null) => Create(options, Bottleneck, [3, 4, 6, 3]);

    private static Graph Create(ModelOptions? options, Func<SymbolicTensor, string, int, int, SymbolicTensor> block, int[] depths)
    {
        options ??= new ModelOptions();
        var (builder, x) = options.Start(initializer: Initializer.KaimingNormal(FanMode.FanOut));
        bool small = x.IsSmall();
        x = x.Conv2d(64, kernel: 7, x.StemStride(2), padding: 3, bias: false, name: "conv1").BatchNorm2d(name: "bn1").Relu();
        if (!small)
            x = x.MaxPool2d(3, stride: 2, padding: 1, name: "maxpool");
        for (int stage = 0; stage < depths.Length; stage++)
        {
            for (int i = 0; i < depths[stage]; i++)
                x = block(x, $"layer{stage + 1}.{i}", 64 << stage, stage > 0 && i == 0 ? 2 : 1);
        }

        return builder.Build(x.Within("").GlobalAveragePool().Flatten().Linear(options.ClassCount, name: "logits"));
    }

    private static SymbolicTensor BasicBlock(SymbolicTensor x, string name, int width, int stride)
    {
        x = x.Within(name);
        var residual = x.Conv2d(width, kernel: 3, stride, padding: 1, bias: false, name: "conv1").BatchNorm2d(name: "bn1").Relu()
            .Conv2d(width, kernel: 3, padding: 1, bias: false, name: "conv2").BatchNorm2d(name: "bn2");
        return residual.Add(Shortcut(x, width, stride), name: "add").Relu();
    }

    private static SymbolicTensor Bottleneck(SymbolicTensor x, string name, int width, int stride)
    {
        x = x.Within(name);
        var residual = x.Conv2d(width, kernel: 1, bias: false, name: "conv1").BatchNorm2d(name: "bn1").Relu()
            .Conv2d(width, kernel: 3, stride, padding: 1, bias: false, name: "conv2").BatchNorm2d(name: "bn2").Relu()
            .Conv2d(4 * width, kernel: 1, bias: false, name: "conv3").BatchNorm2d(name: "bn3");
        return residual.Add(Shortcut(x, 4 * width, stride), name: "add").Relu();
    }

    /// <summary>The input itself, or a projection where size or channels change.</summary>
    private static SymbolicTensor Shortcut(SymbolicTensor x, int channels, int stride) => stride == 1 && x.Channels == channels
        ? x
        : x.Conv2d(channels, kernel: 1, stride, bias: false, name: "downsample.conv").BatchNorm2d(name: "downsample.bn");
}
