using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs.Passes;

/// <summary>Leaves out what does nothing: <see cref="Identity"/>, and at inference <see cref="Dropout"/>. Outputs of the graph stay, for their names.</summary>
internal static class RemoveIdentities
{
    public static Graph Run(Graph graph, RunMode mode)
    {
        var outputs = graph.Outputs.ToHashSet();
        return GraphRewriter.Rewrite(graph, (node, inputs) =>
            (node.Layer is Identity || (node.Layer is Dropout && !mode.IsTraining)) && !outputs.Contains(node) ? inputs[0] : null);
    }
}
