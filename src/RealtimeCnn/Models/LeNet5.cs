using RealtimeCnn.Graphs;
using RealtimeCnn.Training;

namespace RealtimeCnn.Models;

/// <summary>LeNet-5 for digits, with a fully connected C3: 6 and 16 feature maps of 5×5 windows, then 120, 84 and 10 units.</summary>
/// <remarks>
/// Input <c>[N, 1, 32, 32]</c>; 61,706 parameters. Source: LeCun, Bottou, Bengio and Haffner 1998, "Gradient-Based Learning Applied
/// to Document Recognition", section II.B; with plain means for pooling and logits instead of RBF units.
/// </remarks>
public static class LeNet5
{
    /// <summary>The network with random weights.</summary>
    /// <exception cref="ShapeException">The input is too small for the windows.</exception>
    public static Graph Create(ModelOptions? options = null)
    {
        options ??= new ModelOptions();
        var (builder, x) = options.Start(size: 32, channels: 1, Initializer.XavierUniform());
        x = x.Conv2d(6, kernel: 5, name: "c1").Tanh().AveragePool2d(2, stride: 2, name: "s2")
            .Conv2d(16, kernel: 5, name: "c3").Tanh().AveragePool2d(2, stride: 2, name: "s4")
            .Flatten()
            .Linear(120, name: "c5").Tanh()
            .Linear(84, name: "f6").Tanh()
            .Linear(options.Classes ?? 10, name: "logits");
        return builder.Build(x);
    }

    /// <summary>The same idea with what came later: ReLU, max pooling, a padded first convolution, and 12 and 32 feature maps before 120 units.</summary>
    /// <remarks>Input <c>[N, 1, 28, 28]</c>; 107,274 parameters.</remarks>
    /// <exception cref="ShapeException">The input is too small for the windows.</exception>
    public static Graph CreateWithRelu(ModelOptions? options = null)
    {
        options ??= new ModelOptions();
        var (builder, x) = options.Start(size: 28, channels: 1);
        x = x.Conv2d(12, kernel: 5, padding: 2, name: "c1").Relu().MaxPool2d(2, stride: 2, name: "s2")
            .Conv2d(32, kernel: 5, name: "c3").Relu().MaxPool2d(2, stride: 2, name: "s4")
            .Flatten()
            .Linear(120, name: "c5").Relu()
            .Linear(options.Classes ?? 10, name: "logits");
        return builder.Build(x);
    }
}
