using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs.Passes;

/// <summary>
/// Moves the addition of a constant, one number for each output channel, into the bias of the convolution or linear layer before it:
/// files write a linear layer of more than two axes as a product, and its bias as an addition behind it.
/// </summary>
internal static class FuseBias
{
    public static Graph Run(Graph graph, DerivedParameters derived)
    {
        var uses = GraphRewriter.CountUses(graph);
        return GraphRewriter.Rewrite(graph, (node, inputs) =>
        {
            for (int side = 0; node.Layer is Add && side < 2; side++)
            {
                var (before, old, constant) = (inputs[side], node.Inputs[side], inputs[1 - side]);
                if (uses[old] != 1 || constant.Layer is not Constant { Shape: var shape })
                    continue;
                if (before.Layer is Linear or ConvolutionLayer or ConvTranspose2d && Biased(before, constant, shape, before.Layer is Linear ? 2 : 4, node.Name, derived) is { } sum)
                    return sum;
                if (before.Layer is Reshape { Extents: [.., var last] extents } && uses[old.Inputs[0]] == 1 && before.Inputs[0].Layer is Linear linear && last == linear.OutFeatures
                    && Biased(before.Inputs[0], constant, shape, extents.Count, before.Inputs[0].Name, derived) is { } rows)
                    return new Node(node.Name, before.Layer, [rows], []);
            }

            return null;
        });
    }

    /// <summary>The layer with the constant in its bias, or null where its sums are not what the constant is added to.</summary>
    /// <param name="layer">A weighted sum, whose channels are the last axis of a <see cref="Linear"/>, else the last but two.</param>
    /// <param name="constant">What is added.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="rank">Axes of what it is added to.</param>
    /// <param name="name">The new node's.</param>
    /// <param name="derived">Takes the new bias.</param>
    private static Node? Biased(Node layer, Node constant, Shape shape, int rank, string name, DerivedParameters derived)
    {
        int axis = shape.Rank - (layer.Layer is Linear ? 1 : 3);
        if (WeightLayout.Of(layer.Layer) is not { IsPlainSum: true } weights || axis < 0 || shape.Rank > rank || shape[axis] != weights.OutChannels || shape.Count != weights.OutChannels)
            return null;
        var (old, added) = (layer.Parameters.ElementAtOrDefault(1), constant.Parameters[0]);
        var bias = derived.Add($"{layer.Name}.bias and {constant.Name}", new Shape(weights.OutChannels), old == null ? [added] : [old, added], values =>
        {
            added.Elements.CopyTo(values);
            for (int channel = 0; channel < values.Length && old != null; channel++)
                values[channel] += old.Elements[channel];
        });
        return new Node(name, weights.WithBias, layer.Inputs, [layer.Parameters[0], bias]);
    }
}
