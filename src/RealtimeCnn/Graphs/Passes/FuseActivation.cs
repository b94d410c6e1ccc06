using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs.Passes;

/// <summary>
/// Moves an activation into the convolution or linear layer before it, which then applies it to each sum before storing; past a
/// layer that only gives the elements another shape.
/// </summary>
internal static class FuseActivation
{
    public static Graph Run(Graph graph)
    {
        var uses = GraphRewriter.CountUses(graph);
        return GraphRewriter.Rewrite(graph, (node, inputs) =>
        {
            if (node.Layer is not ActivationLayer { Activation: var activation } || uses[node.Inputs[0]] != 1)
                return null;
            var before = inputs[0];
            if (before.Layer is not ReshapingLayer)
                return Activated(before.Layer, activation) is { } fused ? new Node(node.Name, fused, before.Inputs, before.Parameters) : null;
            var sums = before.Inputs[0];
            return uses[node.Inputs[0].Inputs[0]] == 1 && Activated(sums.Layer, activation) is { } inner
                ? new Node(node.Name, before.Layer, [new Node(sums.Name, inner, sums.Inputs, sums.Parameters)], [])
                : null;
        });
    }

    private static Layer? Activated(Layer layer, Activation activation) => layer switch
    {
        ConvolutionLayer { Activation.Function: ActivationFunction.None } convolution => convolution with { Activation = activation },
        Linear { Activation.Function: ActivationFunction.None } linear => linear with { Activation = activation },
        ConvTranspose2d { Activation.Function: ActivationFunction.None } transposed => transposed with { Activation = activation },
        LocallyConnected2d { Activation.Function: ActivationFunction.None } unshared => unshared with { Activation = activation },
        _ => null,
    };
}
