namespace RealtimeCnn.Graphs.Passes;

/// <summary>Makes a new graph out of an old one, node by node, in order.</summary>
internal static class GraphRewriter
{
    /// <summary>
    /// Replaces each node by what <paramref name="rewrite"/> returns for it. The function gets the old node and its inputs
    /// as already rewritten; null keeps the node (on its new inputs).
    /// </summary>
    /// <param name="graph">The graph to read.</param>
    /// <param name="rewrite">Finds a node's replacement.</param>
    public static Graph Rewrite(Graph graph, Func<Node, IReadOnlyList<Node>, Node?> rewrite)
    {
        var replaced = new Dictionary<Node, Node>();
        foreach (var node in graph.Nodes)
        {
            Node[] inputs = node.Inputs.Map(input => replaced[input]);
            replaced[node] = rewrite(node, inputs)
                ?? (inputs.SequenceEqual(node.Inputs) ? node : new Node(node.Name, node.Layer, inputs, node.Parameters));
        }

        return new Graph(graph.Inputs.Map(node => replaced[node]), graph.Outputs.Map(node => replaced[node]), []);
    }

    /// <summary>How often each node's output is read; being an output of the graph counts too.</summary>
    public static Dictionary<Node, int> CountUses(Graph graph)
    {
        var uses = graph.Nodes.ToDictionary(node => node, _ => 0);
        foreach (var node in graph.Nodes.SelectMany(node => node.Inputs).Concat(graph.Outputs))
            uses[node]++;
        return uses;
    }
}
