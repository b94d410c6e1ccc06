using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs.Passes;

/// <summary>
/// Moves a batch normalisation at inference, <c>y = factor·x + offset</c> for each channel, into the convolution or linear layer
/// before it, else into the one behind it. Behind, a convolution must not pad with zeros: the offset would be missing in them. The
/// arithmetic is in double; it rounds once.
/// </summary>
/// <remarks>Source: Jacob et al. 2017, "Quantization and Training of Neural Networks", arXiv:1712.05877, section 3.2.</remarks>
internal static class FoldBatchNorm
{
    public static Graph Run(Graph graph, List<Tensor> created)
    {
        var uses = GraphRewriter.CountUses(graph);
        return GraphRewriter.Rewrite(graph, (node, inputs) =>
        {
            if (inputs.Count == 0 || uses[node.Inputs[0]] != 1)
                return null;
            var before = inputs[0];
            if (node.Layer is BatchNorm2d behind && WeightLayout.Of(before.Layer) is { IsPlainSum: true } weights)
                return IntoLayerBefore(node, behind, before, weights, created);
            if (before.Layer is BatchNorm2d inFront && WeightLayout.Of(node.Layer) is { SeesWholeWindows: true } own)
                return IntoLayerBehind(node, inputs, inFront, own, created);
            return null;
        });
    }

    /// <summary><c>factor·(w·x + b) + offset = (factor·w)·x + (factor·b + offset)</c>.</summary>
    private static Node IntoLayerBefore(Node node, BatchNorm2d norm, Node layer, WeightLayout weights, List<Tensor> created)
    {
        var affine = Affine(norm, node.Parameters);
        var (weight, bias) = Copy(layer, weights, created);
        Span<float> w = weight.Span, b = bias.Span;
        for (int i = 0; i < w.Length; i++)
            w[i] = (float)(w[i] * affine[weights.OutChannel(i)].Factor);
        for (int channel = 0; channel < b.Length; channel++)
            b[channel] = (float)((b[channel] * affine[channel].Factor) + affine[channel].Offset);
        return new Node(node.Name, weights.WithBias, layer.Inputs, [weight, bias]);
    }

    /// <summary><c>w·(factor·x + offset) + b = (w·factor)·x + (b + w·offset)</c>.</summary>
    private static Node IntoLayerBehind(Node node, IReadOnlyList<Node> inputs, BatchNorm2d norm, WeightLayout weights, List<Tensor> created)
    {
        var affine = Affine(norm, inputs[0].Parameters);
        var (weight, bias) = Copy(node, weights, created);
        Span<float> w = weight.Span, b = bias.Span;
        double[] sums = new double[b.Length];
        for (int i = 0; i < w.Length; i++)
        {
            var (factor, offset) = affine[weights.InChannel(i)];
            sums[weights.OutChannel(i)] += w[i] * offset;
            w[i] = (float)(w[i] * factor);
        }

        for (int channel = 0; channel < b.Length; channel++)
            b[channel] = (float)(b[channel] + sums[channel]);
        return new Node(node.Name, weights.WithBias, [inputs[0].Inputs[0], .. inputs.Skip(1)], [weight, bias]);
    }

    private static (double Factor, double Offset)[] Affine(BatchNorm2d norm, IReadOnlyList<Tensor> parameters)
    {
        var affine = norm.Affine(parameters);
        return [.. Enumerable.Range(0, norm.Channels).Select(channel => affine(channel))];
    }

    private static (Tensor Weight, Tensor Bias) Copy(Node layer, WeightLayout weights, List<Tensor> created)
    {
        var weight = layer.Parameters[0].Clone();
        var bias = layer.Parameters.Count > 1 ? layer.Parameters[1].Clone() : new Tensor(new Shape(weights.OutChannels));
        created.AddRange([weight, bias]);
        return (weight, bias);
    }
}
