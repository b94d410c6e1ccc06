using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL.Shaders;

namespace RealtimeCnn.OpenGL;

/// <summary>How a <see cref="NetworkComparer"/> compares.</summary>
public sealed record ComparisonOptions
{
    /// <summary>Largest relative L2 that counts as equal; sums of float32 in different orders differ by some 1e-6 a layer.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>Whether layers are fused first, as they are in use; off, every node of the graph is compared as it stands.</summary>
    public bool Optimize { get; init; } = true;

    /// <summary>Threads of the CPU path.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Programs to use instead of the device's own: lets a test run a broken shader.</summary>
    internal ProgramCache? Programs { get; init; }
}

/// <summary>
/// Runs a graph on the CPU and on the GPU with the same inputs and compares every node. Where outputs differ, it computes
/// "CPU up to node k, GPU after" and finds by bisection the node that makes the difference. Every call comes from the device's
/// thread. The graph must live as long as the comparer.
/// </summary>
public sealed class NetworkComparer : IDisposable
{
    private readonly GlDevice _device;
    private readonly ComparisonOptions _options;
    private readonly CpuNetwork _cpu;
    private IReadOnlyDictionary<Node, Shape> _shapes = new Dictionary<Node, Shape>();

    /// <summary>Prepares a comparison.</summary>
    /// <param name="device">The device to compare with the CPU.</param>
    /// <param name="graph">What to compute.</param>
    /// <param name="options">How; null for the defaults.</param>
    public NetworkComparer(GlDevice device, Graph graph, ComparisonOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(graph);
        (_device, _options) = (device, options ?? new ComparisonOptions());
        _cpu = new CpuNetwork(graph, new NetworkOptions { Threads = _options.Threads, Optimize = _options.Optimize, KeepAll = true, PlansKept = 1 });
    }

    /// <summary>The graph whose nodes are compared, after fusion.</summary>
    public Graph Graph => _cpu.Graph;

    /// <summary>Compares every node and every output, and finds the culprit where an output is wrong.</summary>
    /// <param name="inputs">One tensor for each input of the graph, in order.</param>
    /// <param name="cancellation">Ends the comparison.</param>
    /// <exception cref="ShapeException">The shapes do not fit the network.</exception>
    /// <exception cref="OperationCanceledException">The comparison was cancelled.</exception>
    public NetworkComparison Compare(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation = default)
    {
        RunCpu(inputs, cancellation);
        var comparison = new NetworkComparison(_options.Tolerance, CompareNodes(inputs, cancellation), OutputsBehind(0, cancellation), null);
        return comparison.Outputs.All(comparison.IsEqual) ? comparison : comparison with { Culprit = Bisect(comparison, cancellation) };
    }

    /// <summary>The outputs' differences when the CPU computes the first nodes and the GPU those behind them.</summary>
    /// <param name="nodes">How many of <see cref="Graph"/>'s nodes the CPU computes: 0 for none, all of them for a difference of 0.</param>
    /// <param name="inputs">One tensor for each input of the graph, in order.</param>
    /// <exception cref="ShapeException">The shapes do not fit the network.</exception>
    public IReadOnlyList<TensorDifference> CompareBehind(int nodes, params ReadOnlySpan<Tensor> inputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nodes);
        RunCpu(inputs, CancellationToken.None);
        return OutputsBehind(nodes, CancellationToken.None);
    }

    /// <summary>Frees what was prepared; the graph and the device stay.</summary>
    public void Dispose() => _cpu.Dispose();

    private void RunCpu(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation)
    {
        _cpu.Run(inputs, cancellation);
        Shape[] shapes = new Shape[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
            shapes[i] = inputs[i].Shape;
        _shapes = Graph.InferShapes(shapes);
    }

    private NodeComparison[] CompareNodes(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation)
    {
        using var network = Bind(Graph, keepAll: true);
        network.Run(inputs, cancellation);
        return [.. Graph.Nodes.Where(node => node.Layer is not (Input or Constant)).Select(node =>
        {
            using Tensor expected = _cpu.Read(node.Name), actual = network.Read(node.Name);
            return new NodeComparison(node.Name, node.Layer.GetType().Name, actual.Shape, network.BackendOf(node) == "gpu", TensorDifference.Between(expected, actual));
        })];
    }

    /// <summary>The node k for which outputs are wrong with the GPU from k on, and right with the CPU up to and including k.</summary>
    private string Bisect(NetworkComparison comparison, CancellationToken cancellation)
    {
        int wrong = 0, right = Graph.Nodes.Count;
        while (right - wrong > 1)
        {
            int middle = (wrong + right) / 2;
            (wrong, right) = OutputsBehind(middle, cancellation).All(comparison.IsEqual) ? (wrong, middle) : (middle, right);
        }

        return Graph.Nodes[wrong].Name;
    }

    /// <summary>Differences of the outputs, in order, when the values of the first nodes come from the last CPU run.</summary>
    private TensorDifference[] OutputsBehind(int nodes, CancellationToken cancellation)
    {
        var behind = Graph.Nodes.Skip(nodes).Where(node => node.Layer is not (Input or Constant)).ToHashSet();
        // An output of a node is at hand where the node's values are.
        behind.RemoveWhere(node => node.Layer is NodeOutput && !behind.Contains(node.Inputs[0]));
        var read = behind.SelectMany(node => node.Inputs).Where(node => !behind.Contains(node) && node.Layer is not Constant).ToHashSet();
        var copies = new Dictionary<Node, Node>();
        foreach (var node in Graph.Nodes)
        {
            copies[node] = behind.Contains(node)
                ? new Node(node.Name, node.Layer, [.. node.Inputs.Select(input => copies[input])], node.Parameters)
                : node.Layer is Constant ? node : new Node(node.Name, new Input(_shapes[node]), [], []);
        }

        var found = new Dictionary<string, TensorDifference>();
        Node[] outputs = [.. Graph.Outputs.Where(behind.Contains).Select(output => copies[output])];
        if (outputs.Length > 0)
        {
            using var part = new Graph([.. read.Select(node => copies[node])], outputs, []);
            Tensor[] values = [.. read.Select(node => _cpu.Read(node.Name))];
            try
            {
                using var network = Bind(part, keepAll: false);
                var results = network.Run(values, cancellation);
                for (int i = 0; i < outputs.Length; i++)
                {
                    using var expected = _cpu.Read(outputs[i].Name);
                    found[outputs[i].Name] = TensorDifference.Between(expected, results[i]);
                }
            }
            finally
            {
                foreach (var value in values)
                    value.Dispose();
            }
        }

        return [.. Graph.Outputs.Select(output => found.GetValueOrDefault(output.Name, TensorDifference.None))];
    }

    /// <summary>A graph on the device as it stands, as far as there are shaders.</summary>
    private MixedNetwork Bind(Graph graph, bool keepAll) =>
        new(_device, graph, new NetworkOptions { Optimize = false, KeepAll = keepAll, Threads = _options.Threads, PlansKept = 1 }, _options.Programs ?? _device.Programs);
}
