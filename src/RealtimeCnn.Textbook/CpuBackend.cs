using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Textbook;

/// <summary>The CPU path.</summary>
public sealed class CpuBackend : IBackend
{
    /// <inheritdoc/>
    public string Name => "cpu";

    /// <inheritdoc/>
    public IBoundNetwork Bind(Graph graph, RunMode mode = default) => new BoundNetwork(new CpuNetwork(graph, new CpuNetworkOptions { Mode = mode }));

    private sealed class BoundNetwork(CpuNetwork network) : IBoundNetwork
    {
        public Graph Graph => network.Graph;

        public (long Planned, long Naive) ActivationBytes => network.ActivationBytes;

        // The network's own outputs hold only until the next run.
        public Tensor[] Run(params ReadOnlySpan<Tensor> inputs) => [.. network.Run(inputs).Select(output => output.Clone())];

        public void Dispose() => network.Dispose();
    }
}
