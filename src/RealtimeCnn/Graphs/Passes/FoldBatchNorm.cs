using RealtimeCnn.Kernels;
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
    public static Graph Run(Graph graph, DerivedParameters derived)
    {
        var uses = GraphRewriter.CountUses(graph);
        return GraphRewriter.Rewrite(graph, (node, inputs) =>
        {
            if (inputs.Count == 0 || uses[node.Inputs[0]] != 1)
                return null;
            var before = inputs[0];
            if (node.Layer is BatchNorm2d behind && WeightLayout.Of(before.Layer) is { IsPlainSum: true } weights)
                return IntoLayerBefore(node, behind, before, weights, derived);
            if (before.Layer is BatchNorm2d inFront && WeightLayout.Of(node.Layer) is { SeesWholeWindows: true } own)
                return IntoLayerBehind(node, inputs, inFront, own, derived);
            return null;
        });
    }

    /// <summary><c>factor·(w·x + b) + offset = (factor·w)·x + (factor·b + offset)</c>.</summary>
    private static Node IntoLayerBefore(Node node, BatchNorm2d norm, Node layer, WeightLayout weights, DerivedParameters derived)
    {
        var affine = new ChannelAffine(norm, node.Parameters);
        var weight = Weight(layer, affine, derived, weights.OutChannel);
        var old = layer.Parameters.ElementAtOrDefault(1);
        var bias = derived.Add(Name(layer, "bias"), new Shape(weights.OutChannels), old == null ? node.Parameters : [old, .. node.Parameters], values =>
        {
            affine.Measure();
            for (int channel = 0; channel < values.Length; channel++)
                values[channel] = (float)(((old == null ? 0 : old.Elements[channel]) * affine[channel].Factor) + affine[channel].Offset);
        });
        return new Node(node.Name, weights.WithBias, layer.Inputs, [weight, bias]);
    }

    /// <summary><c>w·(factor·x + offset) + b = (w·factor)·x + (b + w·offset)</c>.</summary>
    private static Node IntoLayerBehind(Node node, IReadOnlyList<Node> inputs, BatchNorm2d norm, WeightLayout weights, DerivedParameters derived)
    {
        var affine = new ChannelAffine(norm, inputs[0].Parameters);
        var weight = Weight(node, affine, derived, weights.InChannel);
        var (old, w) = (node.Parameters.ElementAtOrDefault(1), node.Parameters[0]);
        double[] sums = new double[weights.OutChannels];
        var bias = derived.Add(Name(node, "bias"), new Shape(weights.OutChannels), [.. node.Parameters, .. inputs[0].Parameters], values =>
        {
            affine.Measure();
            sums.AsSpan().Clear();
            var products = w.Elements;
            for (int i = 0; i < products.Length; i++)
                sums[weights.OutChannel(i)] += products[i] * affine[weights.InChannel(i)].Offset;
            for (int channel = 0; channel < values.Length; channel++)
                values[channel] = (float)((old == null ? 0 : old.Elements[channel]) + sums[channel]);
        });
        return new Node(node.Name, weights.WithBias, [inputs[0].Inputs[0], .. inputs.Skip(1)], [weight, bias]);
    }

    /// <summary>Each weight times the factor of its channel.</summary>
    private static Parameter Weight(Node layer, ChannelAffine affine, DerivedParameters derived, Func<int, int> channelOf)
    {
        var old = layer.Parameters[0];
        return derived.Add(Name(layer, "weight"), old.Shape, [old, .. affine.Parameters], values =>
        {
            affine.Measure();
            var weights = old.Elements;
            for (int i = 0; i < values.Length; i++)
                values[i] = (float)(weights[i] * affine[channelOf(i)].Factor);
        });
    }

    private static string Name(Node layer, string parameter) => $"{layer.Name}.{parameter} with batch normalisation";

    /// <summary>Factors and offsets of a normalisation, in memory that is used again when they change.</summary>
    private sealed class ChannelAffine(BatchNorm2d norm, IReadOnlyList<Parameter> parameters)
    {
        private readonly (double Factor, double Offset)[] _channels = new (double, double)[norm.Channels];

        public IReadOnlyList<Parameter> Parameters => parameters;

        public (double Factor, double Offset) this[int channel] => _channels[channel];

        public void Measure()
        {
            for (int channel = 0; channel < _channels.Length; channel++)
                _channels[channel] = ((IChannelAffine)norm).Affine(parameters, channel);
        }
    }
}
