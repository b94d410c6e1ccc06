using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.OpenGL;

/// <summary>A run of nodes on one backend, as a graph of its own.</summary>
/// <param name="Graph">Its inputs are named after the nodes of earlier parts that they carry; it owns nothing.</param>
/// <param name="OnGpu">Whether shaders compute it.</param>
internal sealed record GraphPart(Graph Graph, bool OnGpu);

/// <summary>
/// Cuts a graph into runs of nodes that stay on one backend. A node goes to the CPU when no kernel computes it, or a tensor of it or
/// its packed parameters are too large for the device; reshapes and constants cost nothing and stay where their neighbours are.
/// </summary>
internal sealed class GraphCut
{
    private readonly Graph _graph;
    private readonly Dictionary<Node, int> _stages = [];
    private readonly ILookup<Node, Node> _readers;

    /// <param name="graph">What to compute.</param>
    /// <param name="inputShapes">One for each input; the declared ones when empty.</param>
    /// <param name="device">Where shaders run.</param>
    /// <param name="options">How plans for the device are made.</param>
    public GraphCut(Graph graph, ReadOnlySpan<Shape> inputShapes, GlDevice device, PlanOptions options)
    {
        _graph = graph;
        Shapes = graph.InferShapes(inputShapes);
        _readers = graph.Nodes.SelectMany(reader => reader.Inputs.Select(input => (input, reader))).ToLookup(edge => edge.input, edge => edge.reader);
        CpuNodes = FindCpuNodes(Plan.Build(graph, inputShapes, options with { Kernels = options.Kernels.WithFallback(new Elsewhere()) }), device);
        foreach (var node in graph.Nodes)
            _stages[node] = StageOf(node);
        Parts = [.. Enumerable.Range(0, _stages.Values.DefaultIfEmpty(0).Max() + 1).Select(Part).OfType<GraphPart>()];
    }

    /// <summary>The shape of each node's output.</summary>
    public IReadOnlyDictionary<Node, Shape> Shapes { get; }

    /// <summary>The nodes that no shader computes.</summary>
    public IReadOnlySet<Node> CpuNodes { get; }

    /// <summary>The layers of <see cref="CpuNodes"/>, each once.</summary>
    public IReadOnlyList<string> CpuOps => [.. CpuNodes.Where(node => !IsSource(node)).Select(node => node.Layer.GetType().Name).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Share of the work that is the GPU's, in [0, 1], in operations of the layers.</summary>
    public double GpuShare
    {
        get
        {
            double Work(IEnumerable<Node> nodes) => nodes.Where(node => !IsSource(node) && node.Layer is not NodeOutput)
                .Sum(node => (double)node.Layer.Operations([.. node.Inputs.Select(input => Shapes[input])], Shapes[node]));
            return 1 - (Work(CpuNodes) / Math.Max(Work(_graph.Nodes), 1));
        }
    }

    /// <summary>The parts, in the order in which they run.</summary>
    public IReadOnlyList<GraphPart> Parts { get; }

    private static HashSet<Node> FindCpuNodes(Plan plan, GlDevice device)
    {
        long Most(ElementType element) => device.Limits.ReadableBytes(device.Info.ReadPath, element);
        var nodes = new HashSet<Node>();
        foreach (var step in plan.Prologue.Concat(plan.Steps).Where(step => step.Call.Layer is not ConversionLayer))
        {
            bool fits = step.Values.All(value => value.Info.Bytes(GpuKernels.Block) <= Most(value.Info.Element))
                && GpuPlan.WeightsOf(step).All(weights => GpuPackedCopy.BytesOf(weights) <= Most(weights.Element));
            if (!fits || step.Kernel is Elsewhere || step.Work.Refusal != null)
                nodes.Add(step.Node);
        }

        return nodes;
    }

    /// <summary>Even stages are the GPU's, odd ones the CPU's; a node comes one stage after an input that is on the other backend.</summary>
    private int StageOf(Node node)
    {
        int stage = node.Inputs.Where(input => !IsSource(input)).Select(input => _stages[input]).DefaultIfEmpty(0).Max();
        if (IsSource(node))
            return 0;
        if (node.Layer is NodeOutput)
            return _stages[node.Inputs[0]];
        bool isCpu = CpuNodes.Contains(node);
        return isCpu == (stage % 2 == 1) ? stage : stage + 1;
    }

    // Inputs and constants are at hand in every part.
    private static bool IsSource(Node node) => node.Layer is Input or Constant;

    private GraphPart? Part(int stage)
    {
        var own = _graph.Nodes.Where(node => !IsSource(node) && _stages[node] == stage).ToHashSet();
        var outputs = _graph.Nodes.Where(node => own.Contains(node) && IsReadOutside(node, own)).ToList();
        if (outputs.Count == 0)
            return null;

        var inputs = new List<Node>();
        var copies = new Dictionary<Node, Node>();
        foreach (var node in _graph.Nodes.Where(node => own.Contains(node) || _readers[node].Any(own.Contains)))
        {
            if (own.Contains(node))
                copies[node] = new Node(node.Name, node.Layer, [.. node.Inputs.Select(input => copies[input])], node.Parameters);
            else if (node.Layer is Constant)
                copies[node] = node;
            else
                inputs.Add(copies[node] = new Node(node.Name, new Input(Shapes[node]), [], []));
        }

        return new GraphPart(new Graph(inputs, [.. outputs.Select(node => copies[node])], []), stage % 2 == 0);
    }

    /// <summary>Stands for every layer that this backend has no kernel for.</summary>
    private sealed class Elsewhere() : Kernel("elsewhere", typeof(Layer), LayoutRules.Plain)
    {
        public override string Backend => GpuKernels.Backend;

        public override KernelWork Plan(LayerCall call) => new GpuWork([]);
    }

    private bool IsReadOutside(Node node, HashSet<Node> part) =>
        _graph.Outputs.Contains(node) || _readers[node].Any(reader => !part.Contains(reader));
}
