using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs.Passes;

/// <summary>Moves an activation into the convolution or linear layer before it, which then applies it to each sum before storing.</summary>
internal static class FuseActivation
{
    public static Graph Run(Graph graph)
    {
        var uses = GraphRewriter.CountUses(graph);
        return GraphRewriter.Rewrite(graph, (node, inputs) =>
            node.Layer is ActivationLayer { Activation: var activation } && uses[node.Inputs[0]] == 1 && Activated(inputs[0].Layer, activation) is { } fused
                ? new Node(node.Name, fused, inputs[0].Inputs, inputs[0].Parameters)
                : null);
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
