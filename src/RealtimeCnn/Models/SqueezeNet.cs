using RealtimeCnn.Graphs;

namespace RealtimeCnn.Models;

/// <summary>SqueezeNet 1.1: Fire blocks squeeze the channels with 1×1 windows before they expand them again, half of them with 3×3.</summary>
/// <remarks>
/// Input <c>[N, 3, 224, 224]</c>; 1,235,496 parameters. Source: Iandola et al. 2016, "SqueezeNet: AlexNet-level accuracy with 50x fewer
/// parameters", arXiv:1602.07360; version 1.1 of the authors' repository.
/// </remarks>
public static class SqueezeNet
{
    /// <summary>The network with random weights.</summary>
    /// <exception cref="ShapeException">The input is too small for the windows.</exception>
    public static Graph Create(ModelOptions? options = null)
    {
        options ??= new ModelOptions();
        var (builder, x) = options.Start();
        x = x.Conv2d(64, kernel: 3, x.StemStride(2), name: "conv1").Relu().MaxPool2d(3, stride: 2, ceil: true, name: "pool1");
        x = Fire(Fire(x, "fire2", 16, 64), "fire3", 16, 64).Within("").MaxPool2d(3, stride: 2, ceil: true, name: "pool3");
        x = Fire(Fire(x, "fire4", 32, 128), "fire5", 32, 128).Within("").MaxPool2d(3, stride: 2, ceil: true, name: "pool5");
        x = Fire(Fire(x, "fire6", 48, 192), "fire7", 48, 192);
        x = Fire(Fire(x, "fire8", 64, 256), "fire9", 64, 256).Within("");
        x = x.Dropout().Conv2d(options.ClassCount, kernel: 1, name: "conv10").Relu().GlobalAveragePool().Flatten(name: "logits");
        return builder.Build(x);
    }

    private static SymbolicTensor Fire(SymbolicTensor x, string name, int squeeze, int expand)
    {
        x = x.Within(name).Conv2d(squeeze, kernel: 1, name: "squeeze").Relu();
        var narrow = x.Conv2d(expand, kernel: 1, name: "expand1x1").Relu();
        return narrow.Concat([x.Conv2d(expand, kernel: 3, padding: 1, name: "expand3x3").Relu()], name: "concat");
    }
}
