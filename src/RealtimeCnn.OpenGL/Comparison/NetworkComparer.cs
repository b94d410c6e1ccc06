using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Graphs.Passes;
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
    private readonly Graph _source;
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
        (_device, _source, _options) = (device, graph, options ?? new ComparisonOptions());
        Graph = _options.Optimize ? GraphPasses.Run(graph) : graph;
        _cpu = new CpuNetwork(Graph, new CpuNetworkOptions { Threads = _options.Threads, Optimize = false, KeepAll = true, PlansKept = 1 });
    }

    /// <summary>The graph whose nodes are compared, after fusion.</summary>
    public Graph Graph { get; }

    /// <summary>Compares every node and every output, and finds the culprit where an output is wrong.</summary>
    /// <param name="inputs">One tensor for each input of the graph, in order.</param>
    /// <exception cref="ShapeException">The shapes do not fit the network.</exception>
    public NetworkComparison Compare(params ReadOnlySpan<Tensor> inputs)
    {
        RunCpu(inputs);
        var found = new Dictionary<string, NodeComparison>();
        RunGpu(Graph, inputs, keepAll: true, (node, onGpu, actual) =>
        {
            using var expected = _cpu.Read(node.Name);
            found[node.Name] = new NodeComparison(node.Name, node.Layer.GetType().Name, actual.Shape, onGpu, TensorDifference.Between(expected, actual));
        });
        NodeComparison[] nodes = [.. Graph.Nodes.Where(node => found.ContainsKey(node.Name)).Select(node => found[node.Name])];
        var comparison = new NetworkComparison(_options.Tolerance, nodes, OutputsBehind(0), null);
        return comparison.Outputs.All(comparison.IsEqual) ? comparison : comparison with { Culprit = Bisect(comparison) };
    }

    /// <summary>The outputs' differences when the CPU computes the first nodes and the GPU those behind them.</summary>
    /// <param name="nodes">How many of <see cref="Graph"/>'s nodes the CPU computes: 0 for none, all of them for a difference of 0.</param>
    /// <param name="inputs">One tensor for each input of the graph, in order.</param>
    /// <exception cref="ShapeException">The shapes do not fit the network.</exception>
    public IReadOnlyList<TensorDifference> CompareBehind(int nodes, params ReadOnlySpan<Tensor> inputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nodes);
        RunCpu(inputs);
        return OutputsBehind(nodes);
    }

    /// <summary>Frees what was prepared; the graph and the device stay.</summary>
    public void Dispose()
    {
        _cpu.Dispose();
        if (Graph != _source)
            Graph.Dispose();
    }

    private void RunCpu(ReadOnlySpan<Tensor> inputs)
    {
        _cpu.Run(inputs);
        Shape[] shapes = new Shape[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
            shapes[i] = inputs[i].Shape;
        _shapes = Graph.InferShapes(shapes);
    }

    /// <summary>The node k for which outputs are wrong with the GPU from k on, and right with the CPU up to and including k.</summary>
    private string Bisect(NetworkComparison comparison)
    {
        int wrong = 0, right = Graph.Nodes.Count;
        while (right - wrong > 1)
        {
            int middle = (wrong + right) / 2;
            (wrong, right) = OutputsBehind(middle).All(comparison.IsEqual) ? (wrong, middle) : (middle, right);
        }

        return Graph.Nodes[wrong].Name;
    }

    /// <summary>Differences of the outputs, in order, when the values of the first nodes come from the last CPU run.</summary>
    private TensorDifference[] OutputsBehind(int nodes)
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
            RunGpu(part, values, keepAll: false, (node, _, actual) =>
            {
                using var expected = _cpu.Read(node.Name);
                found[node.Name] = TensorDifference.Between(expected, actual);
            });
            foreach (var value in values)
                value.Dispose();
        }

        return [.. Graph.Outputs.Select(output => found.GetValueOrDefault(output.Name, TensorDifference.None))];
    }

    /// <summary>Runs a graph on the GPU, as far as there are kernels, and shows every computed node, or every output.</summary>
    private void RunGpu(Graph graph, ReadOnlySpan<Tensor> inputs, bool keepAll, Action<Node, bool, Tensor> visit)
    {
        var values = new Dictionary<string, Tensor>();
        var owned = new List<Tensor>();
        Shape[] shapes = new Shape[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
            (values[graph.Inputs[i].Name], shapes[i]) = (inputs[i], inputs[i].Shape);

        foreach (var part in new GraphCut(graph, shapes, _device).Parts)
        {
            Tensor[] given = [.. part.Graph.Inputs.Select(input => values[input.Name])];
            using GpuNetwork? gpu = part.OnGpu ? new GpuNetwork(_device, part.Graph, new GpuNetworkOptions { Optimize = false, KeepAll = keepAll, Programs = _options.Programs }) : null;
            using CpuNetwork? cpu = part.OnGpu ? null : new CpuNetwork(part.Graph, new CpuNetworkOptions { Optimize = false, KeepAll = keepAll, Threads = _options.Threads });
            IReadOnlyList<Tensor> results = gpu?.Run(given) ?? [.. cpu!.Run(given).Select(result => result.Clone())];
            owned.AddRange(results);
            for (int i = 0; i < results.Count; i++)
            {
                var output = part.Graph.Outputs[i];
                values[output.Name] = results[i];
                if (!keepAll && graph.Outputs.Any(node => node.Name == output.Name))
                    visit(output, part.OnGpu, results[i]);
            }

            foreach (var node in part.Graph.Nodes.Where(node => keepAll && node.Layer is not (Input or Constant)))
            {
                using var value = gpu?.Read(node.Name) ?? cpu!.Read(node.Name);
                visit(node, part.OnGpu, value);
            }
        }

        foreach (var tensor in owned)
            tensor.Dispose();
    }
}
