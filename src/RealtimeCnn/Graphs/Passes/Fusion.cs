namespace RealtimeCnn.Graphs.Passes;

/// <summary>
/// The graph as a network runs it: the source itself, or what the passes make of it, one pass a unit. All networks of a source at
/// inference share one result, and the last to be disposed frees it; in training each has its own.
/// </summary>
internal sealed class Fusion(Graph source, NetworkOptions options) : IDisposable
{
    /// <summary>The graph; null until the passes are through.</summary>
    public Graph? Result { get; private set; } = options.Optimize ? null : source;

    /// <summary>The work that is left. Begun twice, the second starts anew, and the first to end gives the result.</summary>
    /// <exception cref="ShapeException">Constants need more memory than a network may take.</exception>
    public IEnumerable<double> Units()
    {
        bool isShared = !options.Mode.IsTraining;
        if (Result != null || (isShared && (Result = source.TakeFused()) != null))
            yield break;
        var derived = new DerivedParameters(source.Store);
        var graph = source;
        bool isKept = false;
        try
        {
            var passes = GraphPasses.For(options.Mode);
            for (int i = 0; i < passes.Length; i++)
            {
                graph = passes[i](graph, derived, options.MaxActivationBytes);
                yield return (i + 1.0) / passes.Length;
            }

            if (Result != null)
                yield break;
            derived.FreeUnused(graph);
            var fused = new Graph(graph.Inputs, graph.Outputs, [.. derived.Parameters]);
            Result = isShared ? source.ShareFused(fused) : fused;
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
        if (options.Mode.IsTraining && Result != source)
            Result?.Dispose();
        else if (Result != source && Result != null)
            source.ReleaseFused();
        Result = source;
    }
}
