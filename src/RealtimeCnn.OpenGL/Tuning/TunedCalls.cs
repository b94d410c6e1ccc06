using RealtimeCnn.Graphs;
using RealtimeCnn.Graphs.Passes;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.OpenGL.Tuning;

/// <summary>What of a network is worth measuring: the layers that do most of the work, and nodes that one kernel could compute together.</summary>
/// <param name="graph">The network, as plans have it.</param>
/// <param name="options">How its plans are made.</param>
internal sealed class TunedCalls(Graph graph, PlanOptions options)
{
    private readonly Dictionary<Node, Shape[]> _shapes = ShapeInference.RunAll(graph, []);
    private readonly Plan _plan = Plan.Build(graph, [], options);

    /// <summary>How many tensors a node gives.</summary>
    public int OutputsOf(Node node) => _shapes[node].Length;

    /// <summary>Steps of one node, with kernels that each do something else: the step's own, its other tiles, then the others in their order.</summary>
    /// <param name="most">Most ways to give for one.</param>
    public IEnumerable<TunedCall> Layers(int most)
    {
        foreach (var step in _plan.Steps.Where(step => step is { Call.Nodes.Count: 1, Call.Layer: ConvolutionLayer or Linear or PoolingLayer }))
        {
            string key = KernelChoice.Key(options.Kernels, step.Asked);
            yield return new TunedCall(
                step.Call.Nodes, key, step.Call.Inputs.Map(input => input.Shape), step.Call.Output.Shape, step.Asked.Inputs[0].Layout == Layout.Blocked, WritesRows(step.Node),
                Way(Kernel.Plain), [.. Kernels(step).Take(most).Select(kernel => Way(kernel.Name))]);

            TunedWay Way(string name) => new(name, new Dictionary<string, string> { [key] = name });
        }
    }

    /// <summary>Nodes that a kernel could compute together, whether a plan takes it or not; each node is in one of them at most, the longest that there is.</summary>
    /// <param name="most">Most ways to give for one.</param>
    public IEnumerable<TunedCall> Blocks(int most)
    {
        var taken = BlockCover.Find(graph, options, _shapes);
        var owners = graph.Nodes.ToDictionary(node => node, node => node);
        foreach (var (last, part) in graph.Nodes.Where(node => taken.Of(node).Count > 1).SelectMany(node => taken.Of(node).Select(part => (node, part))))
            owners[part] = last;
        var uses = GraphRewriter.CountUses(graph);
        var seen = new HashSet<Node>();
        foreach (var node in graph.Nodes.Reverse().Where(node => !seen.Contains(node)))
        {
            // A block that the plan takes lies within whole: of a part of it the input does not exist.
            var nodes = Joinable(node).Where(block => block.All(part => !seen.Contains(part) && taken.Of(owners[part]).All(block.Contains)) && block.SkipLast(1).All(part => uses[part] == 1)).MaxBy(block => block.Count);
            if (nodes == null)
                continue;
            seen.UnionWith(nodes);
            yield return Block(nodes, taken, most);
        }
    }

    private TunedCall Block(IReadOnlyList<Node> nodes, BlockCover taken, int most)
    {
        var (call, last) = (Expected(nodes), nodes[^1]);
        string key = Key(nodes);
        // All that lie within, so that each node is by itself.
        var within = nodes.SelectMany(Joinable).Where(block => block.All(nodes.Contains)).ToList();
        var apart = new TunedWay(KernelChoice.Apart, within.ToDictionary(Key, _ => KernelChoice.Apart));
        var shorter = within.Where(block => block.Count < nodes.Count).SelectMany(block => Joining(block).Take(1).Select(kernel =>
            new TunedWay(kernel.Name, new Dictionary<string, string>(apart.Kernels) { [Key(block)] = kernel.Name })));
        List<TunedWay> ways = [.. Joining(nodes).Select(kernel => new TunedWay(kernel.Name, new Dictionary<string, string> { [key] = kernel.Name })), .. shorter, apart];
        var now = nodes.Reverse().Select(taken.Of).FirstOrDefault(block => block.Count > 1) ?? [last];
        string name = now.Count == 1 ? apart.Name : options.Choose(Expected(now)).Name;
        var plain = new Dictionary<string, string>(apart.Kernels);
        foreach (var node in nodes)
        {
            if (options.Kernels.Fitting(Expected([node])).Any(kernel => kernel is GpuKernel { Name: Kernel.Plain }))
                plain[Key([node])] = Kernel.Plain;
        }

        return new TunedCall(
            nodes, key, call.Inputs.Map(input => input.Shape), call.Output.Shape, InputsOf(nodes)[0].Info.Layout == Layout.Blocked, WritesRows(last), new TunedWay(Kernel.Plain, plain),
            [.. ways.OrderByDescending(way => way.Name == name).ThenByDescending(way => way == apart).Take(most)]);
    }

    private PlanValue[] InputsOf(IReadOnlyList<Node> nodes) => OutputWishes.Sources(nodes).Map(source => _plan.Values[source]);

    private bool WritesRows(Node node) => _plan.Values[node].Info is { Layout: Layout.Plain, Shape.Rank: 4 };

    /// <summary>The blocks that end with a node and that shaders compute.</summary>
    private IEnumerable<IReadOnlyList<Node>> Joinable(Node node) =>
        options.Kernels.Of(node.Layer).OfType<GpuKernel>().Select(kernel => kernel.Block?.Invoke(node)).OfType<IReadOnlyList<Node>>().DistinctBy(block => block.Count).Where(block => Joining(block).Any());

    private IEnumerable<GpuKernel> Joining(IReadOnlyList<Node> nodes) => options.Kernels.Fitting(Expected(nodes)).OfType<GpuKernel>().Where(kernel => kernel.Block != null);

    private LayerCall Expected(IReadOnlyList<Node> nodes) => LayerCall.Expected(nodes, _shapes, options);

    private string Key(IReadOnlyList<Node> nodes) => KernelChoice.Key(options.Kernels, Expected(nodes));

    private IEnumerable<Kernel> Kernels(PlanStep step) => options.Kernels.Fitting(step.Asked)
        .OrderByDescending(kernel => kernel == step.Kernel).ThenByDescending(kernel => kernel.Name.StartsWith(step.Kernel.Name, StringComparison.Ordinal))
        .Where(kernel => kernel is GpuKernel && kernel.Plan(step.Call).Refusal == null).DistinctBy(kernel => Work(kernel, step.Call));

    private static string Work(Kernel kernel, LayerCall call) =>
        string.Join('\n', ((GpuKernel)kernel).Plan(call).Dispatches.Select(dispatch => $"{dispatch.Shader} {string.Join(' ', dispatch.Defines)} {dispatch.Invocations}"));
}
