namespace RealtimeCnn.Graphs.Passes;

/// <summary>
/// The passes that every network runs before it plans, in order. None of them depends on input shapes or the backend. Where nodes
/// become one, it has the name of the last of them, whose output it computes; outputs of the graph keep their names.
/// </summary>
internal static class GraphPasses
{
    private delegate Graph Pass(Graph graph, DerivedParameters derived, long maxBytes);

    private static readonly Pass[] InOrder =
    [
        (graph, _, _) => RemoveIdentities.Run(graph),
        (graph, _, _) => LowerEinsum.Run(graph),
        FoldConstants.Run,
        (graph, derived, _) => FoldBatchNorm.Run(graph, derived),
        (graph, _, _) => FoldPadding.Run(graph),
        (graph, _, _) => FuseResidual.Run(graph),
        (graph, _, _) => FuseActivation.Run(graph),
        (graph, _, _) => SpecializeConvolutions.Run(graph),
    ];

    /// <summary>The same function with fewer nodes. It owns the parameters that passes computed, which follow those of <paramref name="graph"/>.</summary>
    /// <param name="graph">What to compute.</param>
    /// <param name="maxActivationBytes">Most bytes that computing constants may take.</param>
    /// <exception cref="ShapeException">Constants need more.</exception>
    public static Graph Run(Graph graph, long maxActivationBytes = PlanOptions.DefaultMaxActivationBytes)
    {
        var derived = new DerivedParameters(graph.Store);
        try
        {
            var result = InOrder.Aggregate(graph, (current, pass) => pass(current, derived, maxActivationBytes));
            derived.FreeUnused(result);
            return new Graph(result.Inputs, result.Outputs, [.. derived.Parameters]);
        }
        catch
        {
            derived.Free();
            throw;
        }
    }
}
