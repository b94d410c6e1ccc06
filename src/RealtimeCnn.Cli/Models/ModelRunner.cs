using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Cli.Models;

/// <summary>Where models run: the CPU, or one OpenGL context that all models of a command share.</summary>
internal sealed class ModelBackend : IDisposable
{
    private readonly EglHost? _host;

    /// <exception cref="GlException">The GPU was asked for and there is no OpenGL 4.3.</exception>
    public ModelBackend(Backend backend)
    {
        if (backend == Backend.Gpu)
            _host = EglHost.Create();
        Backend = backend;
    }

    public Backend Backend { get; }

    /// <summary>The device; null on the CPU.</summary>
    public GlDevice? Device => _host?.Device;

    /// <summary>Binds a graph, which must live as long as the result.</summary>
    public ModelRunner Open(Graph graph, int threads = 1) =>
        _host == null ? new CpuRunner(graph, threads) : new GpuRunner(_host.Device, graph, threads);

    public void Dispose() => _host?.Dispose();

    private sealed class CpuRunner(Graph graph, int threads) : ModelRunner
    {
        private readonly CpuNetwork _network = new(graph, new CpuNetworkOptions { Threads = threads });

        public override int GpuNodes => 0;

        public override int CpuNodes => Nodes.Count();

        public override IReadOnlyList<string> CpuOps => [.. Nodes.Select(node => node.Layer.GetType().Name).Distinct().Order(StringComparer.Ordinal)];

        private IEnumerable<Node> Nodes => _network.Graph.Nodes.Where(node => node.Layer is not (Input or Constant));

        public override IReadOnlyList<Tensor> Run(params ReadOnlySpan<Tensor> inputs) => _network.Run(inputs);

        public override void Dispose() => _network.Dispose();
    }

    private sealed class GpuRunner(GlDevice device, Graph graph, int threads) : ModelRunner
    {
        private readonly MixedNetwork _network = new(device, graph, threads);

        public override int GpuNodes => _network.GpuNodes;

        public override int CpuNodes => _network.CpuNodes;

        public override IReadOnlyList<string> CpuOps => _network.CpuOps;

        public override IReadOnlyList<Tensor> Run(params ReadOnlySpan<Tensor> inputs) => _network.Run(inputs);

        public override void Dispose() => _network.Dispose();
    }
}

/// <summary>A model ready to run, and which of its nodes run where.</summary>
internal abstract class ModelRunner : IDisposable
{
    public abstract int GpuNodes { get; }

    public abstract int CpuNodes { get; }

    /// <summary>The layers that the CPU computes, each once.</summary>
    public abstract IReadOnlyList<string> CpuOps { get; }

    /// <summary>Computes the outputs, in order. They hold until the next run.</summary>
    public abstract IReadOnlyList<Tensor> Run(params ReadOnlySpan<Tensor> inputs);

    public abstract void Dispose();
}
