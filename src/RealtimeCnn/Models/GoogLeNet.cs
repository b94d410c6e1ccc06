using RealtimeCnn.Graphs;

namespace RealtimeCnn.Models;

/// <summary>
/// GoogLeNet: nine Inception blocks, in which windows of several sizes look at the same picture side by side behind 1×1
/// bottlenecks. Two auxiliary classifiers may look at middle blocks; besides helping to train, they are early predictions.
/// </summary>
/// <remarks>
/// Input <c>[N, 3, 224, 224]</c>; 6,624,904 parameters, 13,004,888 with the auxiliary classifiers. Source: Szegedy et al. 2014, "Going
/// Deeper with Convolutions", arXiv:1409.4842, table 1; with BatchNorm (Ioffe and Szegedy 2015) and 3×3 instead of 5×5 windows, as
/// torchvision.
/// </remarks>
public static class GoogLeNet
{
    private const float Epsilon = 1e-3f;

    /// <summary>The network with random weights; its one output is the logits.</summary>
    /// <exception cref="ShapeException">The input is too small for the windows.</exception>
    public static Graph Create(ModelOptions? options = null)
    {
        var (builder, logits, _, _) = Write(options ?? new ModelOptions());
        return builder.Build(logits);
    }

    /// <summary>The network with both auxiliary classifiers; its outputs are the logits, those behind block 4a, and those behind block 4d.</summary>
    /// <exception cref="ShapeException">The input is too small for the windows.</exception>
    public static Graph CreateWithAuxiliaries(ModelOptions? options = null)
    {
        options ??= new ModelOptions();
        var (builder, logits, early, middle) = Write(options);
        return builder.Build(logits, Auxiliary(early, "aux1", options.ClassCount), Auxiliary(middle, "aux2", options.ClassCount));
    }

    private static (GraphBuilder Builder, SymbolicTensor Logits, SymbolicTensor Early, SymbolicTensor Middle) Write(ModelOptions options)
    {
        var (builder, x) = options.Start();
        bool small = x.IsSmall();
        x = Convolution(x, "conv1", 64, kernel: 7, x.StemStride(2));
        if (!small)
            x = x.Within("").MaxPool2d(3, stride: 2, ceil: true, name: "pool1");
        x = Convolution(x, "conv2", 64, kernel: 1);
        x = Convolution(x, "conv3", 192, kernel: 3).Within("").MaxPool2d(3, stride: 2, ceil: true, name: "pool2");
        x = Inception(x, "inception3a", 64, (96, 128), (16, 32), 32);
        x = Inception(x, "inception3b", 128, (128, 192), (32, 96), 64).Within("").MaxPool2d(3, stride: 2, ceil: true, name: "pool3");
        var early = x = Inception(x, "inception4a", 192, (96, 208), (16, 48), 64);
        x = Inception(x, "inception4b", 160, (112, 224), (24, 64), 64);
        x = Inception(x, "inception4c", 128, (128, 256), (24, 64), 64);
        var middle = x = Inception(x, "inception4d", 112, (144, 288), (32, 64), 64);
        x = Inception(x, "inception4e", 256, (160, 320), (32, 128), 128).Within("").MaxPool2d(2, stride: 2, ceil: true, name: "pool4");
        x = Inception(x, "inception5a", 256, (160, 320), (32, 128), 128);
        x = Inception(x, "inception5b", 384, (192, 384), (48, 128), 128).Within("");
        x = x.GlobalAveragePool().Flatten().Dropout(0.2f).Linear(options.ClassCount, name: "logits");
        return (builder, x, early, middle);
    }

    /// <summary>Four branches side by side: 1×1; 1×1 then 3×3, twice; pooling then 1×1.</summary>
    private static SymbolicTensor Inception(SymbolicTensor x, string name, int one, (int Reduce, int Channels) two, (int Reduce, int Channels) three, int four)
    {
        var branch1 = Convolution(x, $"{name}.branch1", one, kernel: 1);
        var branch2 = Convolution(Convolution(x, $"{name}.branch2.0", two.Reduce, kernel: 1), $"{name}.branch2.1", two.Channels, kernel: 3);
        var branch3 = Convolution(Convolution(x, $"{name}.branch3.0", three.Reduce, kernel: 1), $"{name}.branch3.1", three.Channels, kernel: 3);
        var branch4 = Convolution(x.Within(name).MaxPool2d(3, stride: 1, padding: 1, name: "branch4.0"), $"{name}.branch4.1", four, kernel: 1);
        return branch1.Within(name).Concat([branch2, branch3, branch4], name: "concat");
    }

    private static SymbolicTensor Auxiliary(SymbolicTensor x, string name, int classes)
    {
        x = Convolution(x.Within(name).AdaptiveAveragePool2d(4, name: "pool"), $"{name}.conv", 128, kernel: 1).Within(name);
        return x.Flatten().Linear(1024, name: "fc1").Relu().Dropout(0.7f).Linear(classes, name: "logits");
    }

    private static SymbolicTensor Convolution(SymbolicTensor x, string name, int channels, int kernel, Size2d? stride = null) =>
        x.Within(name).Conv2d(channels, kernel, stride, padding: kernel / 2, bias: false, name: "conv").BatchNorm2d(Epsilon, name: "bn").Relu();
}
