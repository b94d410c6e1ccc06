using RealtimeCnn.Graphs;

namespace RealtimeCnn.Textbook;

/// <summary>A path that networks run on. Claims know no other way to compute, so each is checked on every path alike.</summary>
public interface IBackend
{
    /// <summary>What the path is called: <c>cpu</c>, <c>gpu</c>.</summary>
    string Name { get; }

    /// <summary>Binds a graph to the path. The graph must live as long as the result.</summary>
    /// <param name="graph">What to compute.</param>
    /// <param name="mode">What it is computed for.</param>
    IBoundNetwork Bind(Graph graph, RunMode mode = default);
}

/// <summary>A graph bound to a path.</summary>
public interface IBoundNetwork : IDisposable
{
    /// <summary>The graph as it runs, after fusion.</summary>
    Graph Graph { get; }

    /// <summary>Bytes of activations that the last run needed, and those without using memory twice.</summary>
    (long Planned, long Naive) ActivationBytes { get; }

    /// <summary>Computes the outputs, as new tensors that the caller disposes. Inputs may change their size from run to run.</summary>
    /// <param name="inputs">One tensor for each input of the graph, in order.</param>
    Tensor[] Run(params ReadOnlySpan<Tensor> inputs);
}
