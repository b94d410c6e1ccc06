namespace RealtimeCnn.Graphs.Passes;

/// <summary>The graph as a network runs it: the source itself, or what the passes make of it, one pass a unit.</summary>
internal sealed class Fusion(Graph source, NetworkOptions options) : IDisposable
{
    /// <summary>The graph; null until the passes are through.</summary>
    public Graph? Result { get; private set; } = options.Optimize ? null : source;

    /// <summary>The work that is left. Begun twice, the second starts anew, and the first to end gives the result.</summary>
    public IEnumerable<double> Units()
    {
        if (Result != null)
            yield break;
        var created = new List<Tensor>();
        var graph = source;
        bool isKept = false;
        try
        {
            for (int i = 0; i < GraphPasses.InOrder.Length; i++)
            {
                graph = GraphPasses.InOrder[i](graph, created, options.MaxActivationBytes);
                yield return (i + 1.0) / GraphPasses.InOrder.Length;
            }

            isKept = Result == null;
            if (isKept)
                Result = GraphPasses.Close(graph, created);
        }
        finally
        {
            if (!isKept)
                created.ForEach(tensor => tensor.Dispose());
        }
    }

    /// <summary>Frees what passes made; the source stays.</summary>
    public void Dispose()
    {
        if (Result != source)
            Result?.Dispose();
    }
}
