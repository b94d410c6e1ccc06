namespace RealtimeCnn.Graphs.Passes;

/// <summary>
/// The passes that every network runs before it plans, in order. None of them depends on input shapes or the backend. Where nodes
/// become one, it has the name of the last of them, whose output it computes; outputs of the graph keep their names.
/// </summary>
internal static class GraphPasses
{
    private delegate Graph Pass(Graph graph, List<Tensor> created);

    private static readonly Pass[] InOrder =
    [
        (graph, _) => RemoveIdentities.Run(graph),
        FoldConstants.Run,
        FoldBatchNorm.Run,
        (graph, _) => FoldPadding.Run(graph),
        (graph, _) => FuseResidual.Run(graph),
        (graph, _) => FuseActivation.Run(graph),
        (graph, _) => SpecializeConvolutions.Run(graph),
    ];

    /// <summary>The same function with fewer nodes. It owns the parameters that passes made; the others stay with <paramref name="graph"/>.</summary>
    public static Graph Run(Graph graph)
    {
        var created = new List<Tensor>();
        try
        {
            var result = InOrder.Aggregate(graph, (current, pass) => pass(current, created));
            var used = result.Nodes.SelectMany(node => node.Parameters).ToHashSet();
            foreach (var tensor in created.Where(tensor => !used.Contains(tensor)))
                tensor.Dispose();
            return new Graph(result.Inputs, result.Outputs, [.. created.Where(used.Contains)]);
        }
        catch
        {
            created.ForEach(tensor => tensor.Dispose());
            throw;
        }
    }
}
