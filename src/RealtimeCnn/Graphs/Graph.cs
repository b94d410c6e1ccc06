using RealtimeCnn.Cpu;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs;

/// <summary>
/// A network as data: nodes in an order in which every node comes after its inputs, and the nodes whose outputs are the
/// result. Immutable, and independent of any backend; it owns the parameter values, so it must live as long as the networks
/// that were made of it.
/// </summary>
public sealed class Graph : IDisposable
{
    private readonly IReadOnlyList<Parameter> _owned;
    private readonly Lock _fusing = new();
    private Graph? _fused;
    private int _fusedUsers;

    /// <summary>A graph of what <paramref name="outputs"/> need; nodes that nothing needs are left out.</summary>
    /// <param name="inputs">All inputs, in the order in which callers give them; used or not.</param>
    /// <param name="outputs">At least one node.</param>
    /// <param name="owned">Parameters to free with the graph.</param>
    /// <exception cref="ArgumentException">There is no output, or nodes of several builders.</exception>
    internal Graph(IReadOnlyList<Node> inputs, IReadOnlyList<Node> outputs, IReadOnlyList<Parameter> owned)
    {
        if (outputs.Count == 0)
            throw new ArgumentException("A graph needs at least one output.");
        (Inputs, Outputs, _owned) = (inputs, outputs, owned);
        Nodes = Sort(inputs, outputs);
        Parameters = [.. Nodes.SelectMany(node => node.Parameters).Distinct()];
        Store = Parameters.Count == 0 ? new ParameterStore() : Parameters[0].Store;
        if (Parameters.FirstOrDefault(parameter => parameter.Store != Store) is { } stranger)
            throw new ArgumentException($"Parameter '{stranger.Name}' is of another graph than '{Parameters[0].Name}'; build all nodes of a graph with one builder.");
    }

    /// <summary>All nodes, each after its inputs.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>The nodes that callers fill, in order; each has an <see cref="Input"/> layer.</summary>
    public IReadOnlyList<Node> Inputs { get; }

    /// <summary>The nodes whose values are the result, in order.</summary>
    public IReadOnlyList<Node> Outputs { get; }

    /// <summary>All parameters, each once, in the order in which nodes read them.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Number of trainable values; those that several nodes share count once.</summary>
    public long ParameterCount => CountValues(isStatistic: false);

    /// <summary>Number of values that are measured, not trained, such as running means; those that several nodes share count once.</summary>
    public long StatisticCount => CountValues(isStatistic: true);

    /// <summary>Who may write to the parameters when, and what was packed of them.</summary>
    internal ParameterStore Store { get; }

    /// <summary>The declared shapes of the inputs.</summary>
    public Shape[] InputShapes => Inputs.Map(node => ((Input)node.Layer).Shape);

    /// <summary>The node of a given name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message lists those there are.</exception>
    public Node this[string name] => Nodes.FirstOrDefault(node => node.Name == name)
        ?? throw new KeyNotFoundException($"The graph has no node '{name}'. It has: {string.Join(", ", Nodes.Select(node => node.Name))}.");

    /// <summary>The shape of every node's output for the given input shapes, in the order of <see cref="Nodes"/>.</summary>
    /// <param name="inputShapes">One for each of <see cref="Inputs"/>; the declared ones when empty.</param>
    /// <exception cref="ShapeException">Shapes that do not fit; all independent problems are listed.</exception>
    public IReadOnlyDictionary<Node, Shape> InferShapes(params ReadOnlySpan<Shape> inputShapes) => ShapeInference.Run(this, inputShapes);

    /// <summary>The same network with more outputs behind its own, to look inside: it shares the parameters, which stay this graph's.</summary>
    /// <param name="more">Nodes of this graph.</param>
    /// <exception cref="ArgumentException">One is no node of this graph.</exception>
    public Graph WithOutputs(params IEnumerable<Node> more)
    {
        ArgumentNullException.ThrowIfNull(more);
        Node[] added = [.. more];
        return added.FirstOrDefault(node => !Nodes.Contains(node)) is { } stranger
            ? throw new ArgumentException($"{stranger} is not a node of this graph.", nameof(more))
            : new Graph(Inputs, [.. Outputs, .. added.Except(Outputs)], []);
    }

    /// <summary>The same network with one more output behind its own: what a layer makes of a node's value. It shares the parameters, which stay this graph's.</summary>
    /// <param name="layer">A layer of one input and without parameters, such as <see cref="Identity"/> for the value as it is.</param>
    /// <param name="node">A node of this graph.</param>
    /// <param name="name">Of the output, unique in the graph.</param>
    /// <exception cref="ArgumentException">The node is none of this graph, the name is taken, or the layer has parameters.</exception>
    /// <exception cref="ShapeException">The layer does not take the node's value.</exception>
    public Graph WithOutput(Layer layer, Node node, string name)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(node);
        if (!Nodes.Contains(node))
            throw new ArgumentException($"{node} is not a node of this graph.", nameof(node));
        if (Nodes.Any(other => other.Name == name))
            throw new ArgumentException($"The graph already has a node '{name}'; names are unique.", nameof(name));
        if (layer.Parameters.Count > 0)
            throw new ArgumentException($"{layer} has parameters; an output to look at is made without.", nameof(layer));
        var graph = new Graph(Inputs, [.. Outputs, new Node(name, layer, [node], [])], []);
        graph.InferShapes();
        return graph;
    }

    /// <summary>What every node computes and costs; <see cref="GraphSummary.ToString"/> is a table.</summary>
    /// <param name="inputShapes">One for each of <see cref="Inputs"/>; the declared ones when empty.</param>
    /// <exception cref="ShapeException">Shapes that do not fit; all independent problems are listed.</exception>
    public GraphSummary Summary(params ReadOnlySpan<Shape> inputShapes) => new(this, inputShapes);

    /// <summary>
    /// Bytes of activations that a run on the CPU needs, found without taking them: channels are stored in blocks of 16, so that a
    /// picture of one channel counts sixteen times. Fusion at load can only lower it.
    /// </summary>
    /// <param name="inputShapes">One for each of <see cref="Inputs"/>; the declared ones when empty.</param>
    /// <exception cref="ShapeException">Shapes that do not fit, or a tensor that is too large for a plan.</exception>
    public long ActivationBytes(params ReadOnlySpan<Shape> inputShapes) =>
        Plan.Build(this, inputShapes, new PlanOptions(CpuKernels.Table, MaxActivationBytes: long.MaxValue)).ArenaBytes;

    /// <summary>What one unit of a feature map sees of the first input, of the declared size.</summary>
    /// <param name="node">A node of this graph whose output is <c>[N, C, H, W]</c>.</param>
    /// <param name="row">Row of the unit; null for the middle one.</param>
    /// <param name="column">Column of the unit; null for the middle one.</param>
    /// <exception cref="ArgumentException">The unit or the node does not exist.</exception>
    public ReceptiveField ReceptiveField(Node node, int? row = null, int? column = null)
    {
        var shapes = InferShapes();
        if (!shapes.TryGetValue(node, out var shape))
            throw new ArgumentException($"{node} is not a node of this graph.", nameof(node));
        var (r, c) = (row ?? shape.Height / 2, column ?? shape.Width / 2);
        if ((uint)r >= (uint)shape.Height || (uint)c >= (uint)shape.Width)
            throw new ArgumentException($"{node} has no unit ({r}, {c}); its output is {shape}.", nameof(row));
        return Graphs.ReceptiveField.Of(this, node, r, c, Inputs[0], shapes);
    }

    /// <summary>Frees the parameter values.</summary>
    public void Dispose()
    {
        foreach (var parameter in _owned)
            parameter.Free();
    }

    /// <summary>
    /// The same function with fewer nodes, one for all networks of this graph, so that they share what was folded; null where nobody
    /// has made it yet. <see cref="ReleaseFused"/> it; the last one frees it.
    /// </summary>
    internal Graph? TakeFused()
    {
        lock (_fusing)
        {
            if (_fused != null)
                _fusedUsers++;
            return _fused;
        }
    }

    /// <summary>Gives what passes made of this graph to all its networks. <see cref="ReleaseFused"/> the result; the last one frees it.</summary>
    /// <returns>That of another network, where one was faster; the one given is freed then.</returns>
    internal Graph ShareFused(Graph fused)
    {
        lock (_fusing)
        {
            if (_fused == null)
                _fused = fused;
            else
                fused.Dispose();
            _fusedUsers++;
            return _fused;
        }
    }

    /// <summary>One user of the fused graph less.</summary>
    internal void ReleaseFused()
    {
        lock (_fusing)
        {
            if (--_fusedUsers > 0)
                return;
            _fused!.Dispose();
            _fused = null;
        }
    }

    private long CountValues(bool isStatistic)
    {
        var counted = new HashSet<Parameter>();
        long count = 0;
        foreach (var node in Nodes)
        {
            var specs = node.Layer.Parameters;
            for (int i = 0; i < specs.Count; i++)
            {
                if (specs[i].IsStatistic == isStatistic && counted.Add(node.Parameters[i]))
                    count += specs[i].Shape.Count;
            }
        }

        return count;
    }

    private static List<Node> Sort(IReadOnlyList<Node> inputs, IReadOnlyList<Node> outputs)
    {
        var sorted = new List<Node>();
        var seen = new HashSet<Node>();
        var pending = new Stack<(Node Node, int Next)>();
        foreach (var root in inputs.Concat(outputs))
        {
            if (seen.Add(root))
                pending.Push((root, 0));
            while (pending.TryPop(out var top))
            {
                if (top.Next == top.Node.Inputs.Count)
                {
                    sorted.Add(top.Node);
                    continue;
                }

                pending.Push((top.Node, top.Next + 1));
                var input = top.Node.Inputs[top.Next];
                if (seen.Add(input))
                    pending.Push((input, 0));
            }
        }

        return sorted;
    }
}
