using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs.Passes;

/// <summary>
/// Moves an activation into the convolution before it, which then applies it to each sum before storing. The fused node keeps
/// the activation's name, because its output is the activation's output.
/// </summary>
internal static class FuseActivation
{
    public static Graph Run(Graph graph)
    {
        var uses = GraphRewriter.CountUses(graph);
        return GraphRewriter.Rewrite(graph, (node, inputs) =>
            node.Layer is ActivationLayer { Activation: var activation }
            && inputs[0].Layer is ConvolutionLayer { Activation.Function: ActivationFunction.None } convolution
            && uses[node.Inputs[0]] == 1
                ? new Node(node.Name, convolution with { Activation = activation }, inputs[0].Inputs, inputs[0].Parameters)
                : null);
    }
}
