namespace RealtimeCnn.Graphs.Passes;

/// <summary>The passes that every network runs before it plans, in order. None of them depends on input shapes or the backend.</summary>
internal static class GraphPasses
{
    public static Graph Run(Graph graph) => FuseActivation.Run(graph);
}
