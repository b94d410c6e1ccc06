using RealtimeCnn.Graphs;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Textbook;

/// <summary>The OpenGL path. Every call comes from the device's thread.</summary>
/// <param name="device">Where networks run; it must live as long as they do.</param>
public sealed class GpuBackend(GlDevice device) : IBackend
{
    /// <inheritdoc/>
    public string Name => "gpu";

    /// <inheritdoc/>
    public IBoundNetwork Bind(Graph graph, RunMode mode = default) => new BoundNetwork(new GpuNetwork(device, graph, new GpuNetworkOptions { Mode = mode }));

    private sealed class BoundNetwork(GpuNetwork network) : IBoundNetwork
    {
        public Graph Graph => network.Graph;

        public (long Planned, long Naive) ActivationBytes => network.ActivationBytes;

        public Tensor[] Run(params ReadOnlySpan<Tensor> inputs) => [.. network.Run(inputs)];

        public void Dispose() => network.Dispose();
    }
}
