using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs.Passes;

/// <summary>
/// Makes one convolution of those that look through the same windows at the same value and whose few channels would each leave a block
/// mostly empty, as the heads of a detector do; a split gives them back. Where each of them is read by one convolution that keeps
/// channels apart, and these are alike too, they are one as well, and the split stands behind them.
/// </summary>
internal static class JoinSiblings
{
    /// <summary>Channels of a block: those of the CPU; the GPU's divide them.</summary>
    private const int Block = 16;

    /// <summary>Multiply-adds of a block's output by one input channel that take as long as copying a pixel of a part.</summary>
    private const int CostOfCopy = 16;

    public static Graph Run(Graph graph, DerivedParameters derived)
    {
        // Generations of siblings, of which each member reads the member before it; a node's generation and its place there.
        var places = new Dictionary<Node, (Node[] Generation, int Index, bool IsLast)>();
        foreach (var generations in Families(graph))
        {
            foreach (var generation in generations)
            {
                for (int i = 0; i < generation.Length; i++)
                    places[generation[i]] = (generation, i, generation == generations[^1]);
            }
        }

        var joined = new Dictionary<Node[], Node>();
        return places.Count == 0 ? graph : GraphRewriter.Rewrite(graph, (node, inputs) =>
        {
            if (!places.TryGetValue(node, out var place))
                return null;
            if (!joined.TryGetValue(place.Generation, out var whole))
            {
                whole = Join(place.Generation, inputs[0], derived);
                if (place.IsLast)
                    whole = new Node($"{whole.Name}: parts", new Split(1, place.Generation.Map(member => LayerOf(member).OutChannels)), [whole], []);
                joined[place.Generation] = whole;
            }

            return place.IsLast ? new Node(node.Name, new NodeOutput(place.Index), [whole], []) : whole;
        });
    }

    private static IEnumerable<List<Node[]>> Families(Graph graph)
    {
        var uses = GraphRewriter.CountUses(graph);
        var readers = graph.Nodes.Where(node => node.Inputs.Count == 1).ToLookup(node => node.Inputs[0]);
        foreach (var source in graph.Nodes)
        {
            Node[] narrow = [.. readers[source].Where(node => node.Layer is ConvolutionLayer { GroupCount: 1, AddsResidual: false } layer && layer.OutChannels % Block != 0)];
            if (narrow.Length < 2)
                continue;
            foreach (var alike in narrow.GroupBy(WindowsOf))
            {
                Node[] generation = [.. alike];
                if (!Pays(generation))
                    continue;
                List<Node[]> generations = [generation];
                while (generation.All(node => uses[node] == 1 && readers[node].Any(IsChannelwise)))
                {
                    generation = generation.Map(node => readers[node].Single());
                    if (generation.DistinctBy(WindowsOf).Count() > 1)
                        break;
                    generations.Add(generation);
                }

                yield return generations;
            }
        }
    }

    /// <summary>Whether the vectors of products that are saved take longer than the copies of the parts.</summary>
    private static bool Pays(Node[] siblings)
    {
        int apart = siblings.Sum(node => Blocks(LayerOf(node).OutChannels)), together = Blocks(siblings.Sum(node => LayerOf(node).OutChannels));
        var layer = LayerOf(siblings[0]);
        return (long)(apart - together) * layer.InChannels * layer.Kernel.Height * layer.Kernel.Width > (long)CostOfCopy * siblings.Length;
    }

    private static int Blocks(int channels) => (channels + Block - 1) / Block;

    private static bool IsChannelwise(Node node) =>
        node.Layer is ConvolutionLayer { AddsResidual: false } layer && layer.GroupCount == layer.InChannels && layer.OutChannels == layer.InChannels;

    private static (Size2d Kernel, Size2d Stride, Padding2d Padding, PaddingMode Mode, Size2d Dilation, Activation Activation) WindowsOf(Node node)
    {
        var layer = LayerOf(node);
        return (layer.Kernel, layer.Stride, layer.Padding, layer.PaddingMode, layer.Dilation, layer.Activation);
    }

    private static ConvolutionLayer LayerOf(Node node) => (ConvolutionLayer)node.Layer;

    /// <summary>One convolution of all channels of some, in order.</summary>
    private static Node Join(Node[] siblings, Node input, DerivedParameters derived)
    {
        var first = LayerOf(siblings[0]);
        int outputs = siblings.Sum(node => LayerOf(node).OutChannels);
        bool isChannelwise = siblings.All(IsChannelwise), hasBias = siblings.Any(node => LayerOf(node).HasBias);
        ConvolutionLayer layer = isChannelwise ? new DepthwiseConv2d(outputs, first.Kernel)
            : first is PointwiseConv2d ? new PointwiseConv2d(first.InChannels, outputs)
            : new Conv2d(first.InChannels, outputs, first.Kernel);
        string name = string.Join(" + ", siblings.Select(node => node.Name));
        var weight = derived.Add($"{name}.weight", new Shape(outputs, layer.ChannelsPerGroup, first.Kernel.Height, first.Kernel.Width), siblings.Map(node => node.Parameters[0]), values =>
        {
            foreach (var sibling in siblings)
            {
                var part = sibling.Parameters[0].Elements;
                part.CopyTo(values);
                values = values[part.Length..];
            }
        });
        var bias = hasBias ? derived.Add($"{name}.bias", new Shape(outputs), [.. siblings.SelectMany(node => node.Parameters.Skip(1))], values =>
        {
            foreach (var sibling in siblings)
            {
                var part = values[..LayerOf(sibling).OutChannels];
                part.Clear();
                if (sibling.Parameters.Count > 1)
                    sibling.Parameters[1].Elements.CopyTo(part);
                values = values[part.Length..];
            }
        }) : null;
        layer = layer with
        {
            Stride = first.Stride, Padding = first.Padding, PaddingMode = first.PaddingMode, Dilation = first.Dilation, HasBias = hasBias, Activation = first.Activation,
        };
        return new Node(name, layer, [input], bias == null ? [weight] : [weight, bias]);
    }
}
