using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs.Passes;

/// <summary>
/// Moves an activation of bounds into the batch normalisation before it, for training: both are differentiated together, in as many
/// passes over memory as normalisation alone. The node has the activation's name, whose value it is.
/// </summary>
internal static class FuseNormalization
{
    /// <param name="graph">A graph whose activations are nodes.</param>
    /// <param name="frozen">Names of nodes that run as at inference, where there is nothing to fuse.</param>
    public static Graph Run(Graph graph, IReadOnlySet<string> frozen)
    {
        var uses = GraphRewriter.CountUses(graph);
        return GraphRewriter.Rewrite(graph, (node, inputs) =>
            node.Layer is ActivationLayer { Activation: { Function: ActivationFunction.Relu or ActivationFunction.Clip } activation }
            && node.Inputs[0] is { Layer: BatchNorm2d normalization } before && uses[before] == 1 && !frozen.Contains(before.Name) && !frozen.Contains(node.Name)
                ? new Node(node.Name, normalization with { Activation = activation }, inputs[0].Inputs, before.Parameters)
                : null);
    }
}
