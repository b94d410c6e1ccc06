using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs;

/// <summary>One fully connected layer of a multilayer perceptron.</summary>
/// <param name="Weight"><c>[Out, In]</c>.</param>
/// <param name="Bias"><c>[Out]</c>.</param>
/// <param name="Activation">Applied to the layer's sums.</param>
public readonly record struct MlpLayer(Tensor Weight, Tensor Bias, Activation Activation = default);

/// <summary>
/// A multilayer perceptron that looks at one window, scanned over a whole picture. Instead of being computed again for each
/// window, it becomes the equal network with shared parameters: a convolution whose kernel is the window, then pointwise ones.
/// All copies of the perceptron are one set of parameters: changing it changes the answer at every position, and its gradient is
/// the sum over positions.
/// </summary>
/// <param name="Scores">What the perceptron says of each window: <c>[N, outputs, OH, OW]</c>.</param>
/// <param name="Presence">The largest score over all windows: <c>[N, outputs, 1, 1]</c>, whether the pattern is anywhere.</param>
/// <remarks>
/// The perceptron's first layer reads a window flattened as <c>[C, KH, KW]</c>, the order of <c>Flatten</c>. Source: Lang, Waibel and
/// Hinton 1990, "A time-delay neural network architecture for isolated word recognition"; Sermanet et al. 2014, "OverFeat",
/// arXiv:1312.6229, section 3.5.
/// </remarks>
public sealed record ScanningMlp(Node Scores, Node Presence)
{
    /// <summary>Adds the network to a graph.</summary>
    /// <param name="builder">Where to add it.</param>
    /// <param name="input">The picture, <c>[N, C, H, W]</c>, at least as large as the window.</param>
    /// <param name="window">What the perceptron sees, in elements.</param>
    /// <param name="mlp">The perceptron's layers, at least one; the first one's inputs are <c>C · KH · KW</c>. Their tensors stay the caller's.</param>
    /// <param name="stride">Step between windows, in elements; 1 where not given.</param>
    /// <param name="name">Prefix of the nodes' names, unique in the graph.</param>
    /// <exception cref="ShapeException">Layers that do not fit the window or each other.</exception>
    public static ScanningMlp Add(GraphBuilder builder, Node input, Size2d window, IReadOnlyList<MlpLayer> mlp, Size2d? stride = null, string name = "scan")
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(mlp);
        Check(window, mlp);
        var node = input;
        for (int i = 0; i < mlp.Count; i++)
        {
            var (weight, bias, activation) = mlp[i];
            int outputs = weight.Shape[0], area = i == 0 ? window.Height * window.Width : 1, channels = weight.Shape[1] / area;
            ConvolutionLayer layer = i == 0
                ? new Conv2d(channels, outputs, window) { Stride = stride ?? 1, Activation = activation }
                : new PointwiseConv2d(channels, outputs) { Activation = activation };
            node = builder.Add(layer, node, [weight.Reshaped(layer.Parameters[0].Shape), bias.Clone()], $"{name}.{i + 1}");
        }

        return new ScanningMlp(node, builder.Add(new GlobalMaxPool(), node, name: $"{name}.presence"));
    }

    private static void Check(Size2d window, IReadOnlyList<MlpLayer> mlp)
    {
        if (window.Height < 1 || window.Width < 1 || mlp.Count == 0)
            throw new ShapeException($"A scanning perceptron needs a window of at least 1×1 and at least one layer; it has {window} and {mlp.Count}.");
        for (int i = 0; i < mlp.Count; i++)
        {
            Shape weight = mlp[i].Weight.Shape, bias = mlp[i].Bias.Shape;
            if (weight.Rank != 2 || bias != new Shape(weight[0]))
                throw new ShapeException($"Layer {i + 1} of the perceptron needs a weight [Out, In] and a bias [Out]; they are {weight} and {bias}.");
            if (i == 0 && weight[1] % (window.Height * window.Width) != 0)
                throw new ShapeException($"The perceptron's first layer has {weight[1]} inputs, which is no multiple of its window's {window.Height * window.Width} elements.");
            if (i > 0 && weight[1] != mlp[i - 1].Weight.Shape[0])
                throw new ShapeException($"Layer {i + 1} of the perceptron has {weight[1]} inputs; the layer before it has {mlp[i - 1].Weight.Shape[0]} outputs.");
        }
    }
}
