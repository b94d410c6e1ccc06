using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Graphs.Passes;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL;

/// <summary>
/// A graph that runs on an OpenGL device as far as there are kernels, and on the CPU where there are none. Values cross over
/// row-major, in host memory; <see cref="CpuOps"/> says at load what will. Every call comes from the device's thread. The graph
/// must live as long as the network.
/// </summary>
public sealed class MixedNetwork : IDisposable
{
    private readonly List<Part> _parts = [];
    private readonly Dictionary<string, Tensor> _values = new(StringComparer.Ordinal);
    private readonly List<Tensor> _fromGpu = [];
    private readonly Graph _source;
    private bool _disposed;

    /// <summary>Prepares a network for the declared input shapes.</summary>
    /// <param name="device">Where to run what can be run there.</param>
    /// <param name="graph">What to compute.</param>
    /// <param name="threads">Threads for the rest.</param>
    /// <exception cref="ShapeException">The declared shapes do not fit.</exception>
    public MixedNetwork(GlDevice device, Graph graph, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(graph);
        _source = graph;
        Graph = GraphPasses.Run(graph);
        try
        {
            var cut = new GraphCut(Graph, [], device);
            foreach (var part in cut.Parts)
                _parts.Add(part.OnGpu ? new GpuPart(part.Graph, device) : new CpuPart(part.Graph, threads));
            var nodes = Graph.Nodes.Where(node => node.Layer is not (Input or Constant)).ToList();
            CpuNodes = nodes.Count(cut.CpuNodes.Contains);
            GpuNodes = nodes.Count - CpuNodes;
            CpuOps = [.. nodes.Where(cut.CpuNodes.Contains).Select(node => node.Layer.GetType().Name).Distinct().Order(StringComparer.Ordinal)];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The graph as it runs, after fusion.</summary>
    public Graph Graph { get; }

    /// <summary>Nodes that shaders compute.</summary>
    public int GpuNodes { get; }

    /// <summary>Nodes that the CPU computes, because there is no kernel for them or the device cannot hold their tensors.</summary>
    public int CpuNodes { get; }

    /// <summary>The layers of <see cref="CpuNodes"/>, each once.</summary>
    public IReadOnlyList<string> CpuOps { get; }

    /// <summary>Computes the outputs, and waits for them.</summary>
    /// <param name="inputs">One tensor for each input of the graph, in order.</param>
    /// <returns>One tensor for each output, in order. They belong to the network and hold until the next run.</returns>
    /// <exception cref="ObjectDisposedException">The network was disposed.</exception>
    public IReadOnlyList<Tensor> Run(params ReadOnlySpan<Tensor> inputs)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Forget();
        for (int i = 0; i < inputs.Length; i++)
            _values[Graph.Inputs[i].Name] = inputs[i];
        foreach (var constant in Graph.Outputs.Where(output => output.Layer is Constant))
            _values[constant.Name] = constant.Parameters[0].Tensor;
        foreach (var part in _parts)
        {
            var results = part.Run([.. part.Graph.Inputs.Select(input => _values[input.Name])]);
            if (part is GpuPart)
                _fromGpu.AddRange(results);
            for (int i = 0; i < results.Count; i++)
                _values[part.Graph.Outputs[i].Name] = results[i];
        }

        return [.. Graph.Outputs.Select(output => _values[output.Name])];
    }

    /// <summary>Frees plans, parameters and results; the graph and the device stay.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Forget();
        foreach (var part in _parts)
            part.Dispose();
        _parts.Clear();
        if (Graph != _source)
            Graph.Dispose();
    }

    private void Forget()
    {
        foreach (var tensor in _fromGpu)
            tensor.Dispose();
        _fromGpu.Clear();
        _values.Clear();
    }

    private abstract class Part(Graph graph) : IDisposable
    {
        public Graph Graph { get; } = graph;

        public abstract IReadOnlyList<Tensor> Run(ReadOnlySpan<Tensor> inputs);

        public abstract void Dispose();
    }

    private sealed class GpuPart(Graph graph, GlDevice device) : Part(graph)
    {
        private readonly GpuNetwork _network = new(device, graph, new GpuNetworkOptions { Optimize = false });

        public override IReadOnlyList<Tensor> Run(ReadOnlySpan<Tensor> inputs) => _network.Run(inputs);

        public override void Dispose() => _network.Dispose();
    }

    private sealed class CpuPart(Graph graph, int threads) : Part(graph)
    {
        private readonly CpuNetwork _network = new(graph, new CpuNetworkOptions { Optimize = false, Threads = threads });

        public override IReadOnlyList<Tensor> Run(ReadOnlySpan<Tensor> inputs) => _network.Run(inputs);

        public override void Dispose() => _network.Dispose();
    }
}
