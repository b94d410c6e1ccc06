namespace RealtimeCnn.Graphs.Passes;

/// <summary>
/// The passes that every network runs before it plans, in order. None of them depends on input shapes or the backend. Where nodes
/// become one, it has the name of the last of them, whose output it computes; outputs of the graph keep their names.
/// </summary>
/// <remarks>
/// In training every parameter stays what the user knows it by, because it gets a gradient: nothing is folded into it. Each layer is
/// differentiated by itself: nothing is fused, and what is fused already is taken apart.
/// </remarks>
internal static class GraphPasses
{
    /// <summary>A pass: the same function with fewer nodes, and among <paramref name="derived"/> the parameters that it computed.</summary>
    public delegate Graph Pass(Graph graph, DerivedParameters derived, long maxActivationBytes);

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
        (graph, derived, _) => FuseBias.Run(graph, derived),
        (graph, derived, _) => FoldBatchNorm.Run(graph, derived),
        (graph, _, _) => FoldPadding.Run(graph),
        (graph, _, _) => FuseResidual.Run(graph),
        (graph, _, _) => FuseActivation.Run(graph),
        (graph, _, _) => SpecializeConvolutions.Run(graph),
        (graph, derived, _) => JoinSiblings.Run(graph, derived),
    ];

    /// <summary>All passes of a mode, in order.</summary>
    public static Pass[] For(RunMode mode) => mode.IsTraining ? InTraining : AtInference;
}
