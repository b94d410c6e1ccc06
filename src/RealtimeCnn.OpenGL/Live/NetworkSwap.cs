using RealtimeCnn.Live;

namespace RealtimeCnn.OpenGL.Live;

/// <summary>A network on its way into a running pipeline. What is not taken is disposed with it.</summary>
internal sealed class NetworkSwap : IDisposable
{
    private readonly LiveOptions _options;
    private readonly TimeSpan _budget;
    private readonly PlanBuild _build;
    private INetwork? _network;

    /// <param name="pipeline">Where it will run.</param>
    /// <param name="network">The network; this one's to dispose.</param>
    /// <param name="options">How it will be used.</param>
    /// <param name="budget">Time for it in each turn.</param>
    public NetworkSwap(LivePipeline pipeline, INetwork network, LiveOptions options, TimeSpan budget)
    {
        (_network, _options, _budget) = (network, options, budget);
        try
        {
            _build = pipeline.Prepare(network, options);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The share that is made, in [0, 1].</summary>
    public double Progress => _build.Progress;

    /// <summary>Goes on for one turn.</summary>
    /// <returns>Whether it is ready.</returns>
    public bool Advance() => _build.Advance(_budget);

    /// <summary>Has the pipeline use the network, which is the caller's then.</summary>
    public INetwork Take(LivePipeline pipeline)
    {
        var network = _network!;
        pipeline.Use(network, _options);
        _build.Dispose();
        _network = null;
        return network;
    }

    public void Dispose()
    {
        _build.Dispose();
        _network?.Dispose();
    }
}
