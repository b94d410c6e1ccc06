using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs.Passes;

/// <summary>Leaves out what does nothing at inference: <see cref="Identity"/> and <see cref="Dropout"/>. Outputs of the graph stay, for their names.</summary>
internal static class RemoveIdentities
{
    public static Graph Run(Graph graph)
    {
        var outputs = graph.Outputs.ToHashSet();
        return GraphRewriter.Rewrite(graph, (node, inputs) =>
            node.Layer is Identity or Dropout { IsTraining: false } && !outputs.Contains(node) ? inputs[0] : null);
    }
}
