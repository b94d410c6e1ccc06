namespace RealtimeCnn.Graphs.Passes;

/// <summary>
/// The passes that every network runs before it plans, in order. None of them depends on input shapes or the backend. Where nodes
/// become one, it has the name of the last of them, whose output it computes; outputs of the graph keep their names.
/// </summary>
internal static class GraphPasses
{
    /// <summary>A pass: the same function with fewer nodes, and among <paramref name="created"/> the parameters that it made.</summary>
    public delegate Graph Pass(Graph graph, List<Tensor> created, long maxActivationBytes);

    /// <summary>All of them.</summary>
    public static Pass[] InOrder { get; } =
    [
        (graph, _, _) => RemoveIdentities.Run(graph),
        (graph, _, _) => LowerEinsum.Run(graph),
        FoldConstants.Run,
        (graph, created, _) => FoldBatchNorm.Run(graph, created),
        (graph, _, _) => FoldPadding.Run(graph),
        (graph, _, _) => FuseResidual.Run(graph),
        (graph, _, _) => FuseActivation.Run(graph),
        (graph, _, _) => SpecializeConvolutions.Run(graph),
    ];

    /// <summary>What passes made of a graph, as the owner of the parameters among <paramref name="created"/> that it still uses; the others are freed.</summary>
    public static Graph Close(Graph graph, List<Tensor> created)
    {
        var used = graph.Nodes.SelectMany(node => node.Parameters).ToHashSet();
        foreach (var tensor in created.Where(tensor => !used.Contains(tensor)))
            tensor.Dispose();
        return new Graph(graph.Inputs, graph.Outputs, [.. created.Where(used.Contains)]);
    }
}
