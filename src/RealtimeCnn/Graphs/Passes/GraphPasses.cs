namespace RealtimeCnn.Graphs.Passes;

/// <summary>
/// The passes that every network runs before it plans, in order. None of them depends on input shapes or the backend. Where nodes
/// become one, it has the name of the last of them, whose output it computes; outputs of the graph keep their names.
/// </summary>
internal static class GraphPasses
{
    /// <summary>A pass: the same function with fewer nodes, and among <paramref name="derived"/> the parameters that it computed.</summary>
    public delegate Graph Pass(Graph graph, DerivedParameters derived, long maxActivationBytes);

    /// <summary>All of them.</summary>
    public static Pass[] InOrder { get; } =
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
}
