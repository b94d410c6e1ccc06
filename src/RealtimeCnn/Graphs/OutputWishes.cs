using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs;

/// <summary>
/// What a plan would like each output to be before its kernel is chosen: it asks the kernel that will read it. A wish that is not
/// fulfilled, or a reader that decides otherwise in the end, costs a conversion and nothing else.
/// </summary>
internal sealed class OutputWishes
{
    private readonly Dictionary<Node, List<Node>> _readers = [];
    private readonly Dictionary<Node, Dictionary<Node, Border>> _asked = [];
    private readonly HashSet<Node> _results;
    private readonly PlanOptions _options;
    private readonly BlockCover _blocks;
    private readonly Dictionary<Node, Shape[]> _shapes;

    public OutputWishes(Graph graph, PlanOptions options, BlockCover blocks, Dictionary<Node, Shape[]> shapes)
    {
        (_options, _blocks, _shapes, _results) = (options, blocks, shapes, [.. graph.Outputs]);
        foreach (var reader in graph.Nodes.Where(node => !blocks.IsInside(node)))
        {
            foreach (var source in Sources(blocks.Of(reader)))
            {
                if (!_readers.TryGetValue(source, out var readers))
                    _readers[source] = readers = [];
                readers.Add(reader);
            }
        }
    }

    /// <summary>The nodes outside a block that it reads, in order.</summary>
    public static Node[] Sources(IReadOnlyList<Node> block) => [.. block.SelectMany(part => part.Inputs).Where(source => !block.Contains(source))];

    /// <summary>What the plan would like a node's first output to be, and its weights.</summary>
    public Wish Of(Node node) => (_results.Contains(node) ? default : new Wish(_options.Storage, BorderFor(node))) with { Weights = _options.Weights };

    private Border BorderFor(Node node)
    {
        if (!_readers.TryGetValue(node, out var readers) || readers.Count != 1)
            return default;
        if (!_asked.TryGetValue(readers[0], out var borders))
            _asked[readers[0]] = borders = Ask(readers[0]);
        return borders.GetValueOrDefault(node);
    }

    /// <summary>The borders of zeros, which kernels can write, that a reader asks for around what it reads, if all of it came channel-blocked.</summary>
    private Dictionary<Node, Border> Ask(Node reader)
    {
        var borders = new Dictionary<Node, Border>();
        if (reader.Layer is NodeOutput)
            return borders;
        var block = _blocks.Of(reader);
        Node[] sources = Sources(block);
        var call = LayerCall.Expected(block, _shapes, _options);
        if (_options.Kernels.Find(call)?.Layouts(call) is not { } choice)
            return borders;
        for (int i = 0; i < sources.Length; i++)
        {
            if (choice.Of(i) is { Layout: Layout.Blocked, Border: { IsNone: false, Mode: PaddingMode.Zero } } format)
                borders[sources[i]] = format.Border;
        }

        return borders;
    }
}
