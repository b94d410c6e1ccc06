using RealtimeCnn.Graphs;

namespace RealtimeCnn.Models;

/// <summary>AlexNet in its one-tower form: five convolutions and three fully connected layers, the first with dropout before it.</summary>
/// <remarks>
/// Input <c>[N, 3, 224, 224]</c>; 61,100,840 parameters. Source: Krizhevsky, Sutskever and Hinton 2012, "ImageNet Classification
/// with Deep Convolutional Neural Networks"; Krizhevsky 2014, "One weird trick", arXiv:1404.5997 (the layers' sizes, as torchvision).
/// </remarks>
public static class AlexNet
{
    /// <summary>The network with random weights.</summary>
    /// <exception cref="ShapeException">The input is too small for the windows.</exception>
    public static Graph Create(ModelOptions? options = null)
    {
        options ??= new ModelOptions();
        var (builder, x) = options.Start();
        x = x.Conv2d(64, kernel: 11, x.StemStride(4), padding: 2, name: "conv1").Relu().MaxPool2d(3, stride: 2, name: "pool1")
            .Conv2d(192, kernel: 5, padding: 2, name: "conv2").Relu().MaxPool2d(3, stride: 2, name: "pool2")
            .Conv2d(384, kernel: 3, padding: 1, name: "conv3").Relu()
            .Conv2d(256, kernel: 3, padding: 1, name: "conv4").Relu()
            .Conv2d(256, kernel: 3, padding: 1, name: "conv5").Relu()
            .MaxPool2d(x.IsSmall() ? 2 : 3, stride: 2, name: "pool5")
            .AdaptiveAveragePool2d(6).Flatten()
            .Dropout().Linear(4096, name: "fc6").Relu()
            .Dropout().Linear(4096, name: "fc7").Relu()
            .Linear(options.ClassCount, name: "logits");
        return builder.Build(x);
    }
}
