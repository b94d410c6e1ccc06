namespace RealtimeCnn.Graphs.Passes;

/// <summary>
/// The graph as a network runs it: the source itself, or what the passes make of it, one pass a unit. All networks of a source share
/// one result; the last to be disposed frees it.
/// </summary>
internal sealed class Fusion(Graph source, NetworkOptions options) : IDisposable
{
    /// <summary>The graph; null until the passes are through.</summary>
    public Graph? Result { get; private set; } = options.Optimize ? null : source;

    /// <summary>The work that is left. Begun twice, the second starts anew, and the first to end gives the result.</summary>
    /// <exception cref="ShapeException">Constants need more memory than a network may take.</exception>
    public IEnumerable<double> Units()
    {
        if (Result != null || (Result = source.TakeFused()) != null)
            yield break;
        var derived = new DerivedParameters(source.Store);
        var graph = source;
        bool isKept = false;
        try
        {
            for (int i = 0; i < GraphPasses.InOrder.Length; i++)
            {
                graph = GraphPasses.InOrder[i](graph, derived, options.MaxActivationBytes);
                yield return (i + 1.0) / GraphPasses.InOrder.Length;
            }

            if (Result != null)
                yield break;
            derived.FreeUnused(graph);
            Result = source.ShareFused(new Graph(graph.Inputs, graph.Outputs, [.. derived.Parameters]));
            isKept = true;
        }
        finally
        {
            if (!isKept)
                derived.Free();
        }
    }

    /// <summary>Lets go of what passes made; the source stays.</summary>
    public void Dispose()
    {
        if (Result != source && Result != null)
            source.ReleaseFused();
        Result = source;
    }
}
