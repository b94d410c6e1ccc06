using RealtimeCnn.Graphs;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo.Scenes;

/// <summary>A network that is being made ready while another one runs. What is not taken is freed with it.</summary>
internal sealed class ComingNetwork : IDisposable
{
    private readonly PlanBuild _build;
    private bool _isTaken;

    private ComingNetwork(ISceneNetwork owner, Size2d upright, Graph graph, INetwork network, LiveOptions options, PlanBuild build) =>
        (Owner, Upright, Graph, Network, Options, _build) = (owner, upright, graph, network, options, build);

    /// <summary>Whose it is.</summary>
    public ISceneNetwork Owner { get; }

    /// <summary>For pictures of this size.</summary>
    public Size2d Upright { get; }

    /// <summary>What it computes.</summary>
    public Graph Graph { get; }

    /// <summary>The network.</summary>
    public INetwork Network { get; }

    /// <summary>How it is used.</summary>
    public LiveOptions Options { get; }

    /// <summary>Begins; nothing stays behind where that fails.</summary>
    /// <param name="owner">Builds its graph.</param>
    /// <param name="upright">Size of the pictures.</param>
    /// <param name="bind">Makes a network of the graph.</param>
    /// <param name="pipeline">Where it will run.</param>
    public static ComingNetwork Begin(ISceneNetwork owner, Size2d upright, Func<Graph, LiveOptions, INetwork> bind, LivePipeline pipeline)
    {
        var graph = owner.Build(upright, out var options);
        INetwork? network = null;
        try
        {
            network = bind(graph, options);
            return new ComingNetwork(owner, upright, graph, network, options, pipeline.Prepare(network, options));
        }
        catch
        {
            network?.Dispose();
            owner.Release(graph);
            throw;
        }
    }

    /// <summary>Goes on for a while, or to the end.</summary>
    /// <param name="budget">How long; null for the end.</param>
    /// <returns>Whether it is ready.</returns>
    public bool Advance(TimeSpan? budget)
    {
        if (budget is { } slice)
            return _build.Advance(slice);
        _build.Finish();
        return true;
    }

    /// <summary>Somebody else has its network and graph now.</summary>
    public void Taken()
    {
        _isTaken = true;
        Dispose();
    }

    public void Dispose()
    {
        _build.Dispose();
        if (_isTaken)
            return;
        Network.Dispose();
        Owner.Release(Graph);
    }
}
