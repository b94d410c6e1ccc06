using RealtimeCnn.Graphs;

namespace RealtimeCnn.Models;

/// <summary>VGG-16 (configuration D): thirteen 3×3 convolutions in five blocks, each ended by a pooling that halves the picture, and three fully connected layers.</summary>
/// <remarks>
/// Input <c>[N, 3, 224, 224]</c>, at least 32×32; 138,357,544 parameters. Source: Simonyan and Zisserman 2014, "Very Deep
/// Convolutional Networks for Large-Scale Image Recognition", arXiv:1409.1556, table 1.
/// </remarks>
public static class Vgg16
{
    private static readonly (int Channels, int Convolutions)[] Blocks = [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)];

    /// <summary>The network with random weights.</summary>
    /// <exception cref="ShapeException">The input is too small for the windows.</exception>
    public static Graph Create(ModelOptions? options = null)
    {
        options ??= new ModelOptions();
        var (builder, x) = options.Start();
        for (int block = 1; block <= Blocks.Length; block++)
        {
            var (channels, convolutions) = Blocks[block - 1];
            for (int i = 1; i <= convolutions; i++)
                x = x.Conv2d(channels, kernel: 3, padding: 1, name: $"conv{block}_{i}").Relu();
            x = x.MaxPool2d(2, stride: 2, name: $"pool{block}");
        }

        x = x.AdaptiveAveragePool2d(7).Flatten()
            .Linear(4096, name: "fc6").Relu().Dropout()
            .Linear(4096, name: "fc7").Relu().Dropout()
            .Linear(options.ClassCount, name: "logits");
        return builder.Build(x);
    }
}
