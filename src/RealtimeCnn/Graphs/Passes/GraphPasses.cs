namespace RealtimeCnn.Graphs.Passes;

/// <summary>
/// The passes that every network runs before it plans, in order. None of them depends on input shapes or the backend. Where nodes
/// become one, it has the name of the last of them, whose output it computes; outputs of the graph keep their names.
/// </summary>
/// <remarks>
/// In training, every parameter stays what the user knows it by, because it gets a gradient: nothing is folded into it. Each layer is
/// differentiated by itself: nothing is fused, and what is fused already is taken apart.
/// </remarks>
internal static class GraphPasses
{
    private delegate Graph Pass(Graph graph, List<Tensor> created, long maxBytes);

    private static readonly Pass[] InTraining =
    [
        (graph, _, _) => RemoveIdentities.Run(graph, RunMode.Training()),
        (graph, _, _) => LowerEinsum.Run(graph),
        (graph, _, _) => Unfuse.Run(graph),
        (graph, _, _) => SpecializeConvolutions.Run(graph),
    ];

    private static readonly Pass[] AtInference =
    [
        (graph, _, _) => RemoveIdentities.Run(graph, RunMode.Inference),
        (graph, _, _) => LowerEinsum.Run(graph),
        FoldConstants.Run,
        (graph, created, _) => FoldBatchNorm.Run(graph, created),
        (graph, _, _) => FoldPadding.Run(graph),
        (graph, _, _) => FuseResidual.Run(graph),
        (graph, _, _) => FuseActivation.Run(graph),
        (graph, _, _) => SpecializeConvolutions.Run(graph),
    ];

    /// <summary>The same function with fewer nodes. It owns the parameters that passes made; the others stay with <paramref name="graph"/>.</summary>
    /// <param name="graph">What to compute.</param>
    /// <param name="mode">What it is computed for.</param>
    /// <param name="maxActivationBytes">Most bytes that computing constants may take.</param>
    /// <exception cref="ShapeException">Constants need more.</exception>
    public static Graph Run(Graph graph, RunMode mode = default, long maxActivationBytes = PlanOptions.DefaultMaxActivationBytes)
    {
        var created = new List<Tensor>();
        try
        {
            var result = (mode.IsTraining ? InTraining : AtInference).Aggregate(graph, (current, pass) => pass(current, created, maxActivationBytes));
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
