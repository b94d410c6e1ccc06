using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo.Modes.Explore;

/// <summary>A network of blocks that the user stacks, with random weights: what it costs is counted from the graph that runs.</summary>
/// <param name="blocks">From the picture on; at least one.</param>
internal sealed class CountNetwork(IReadOnlyList<CountedBlock> blocks) : ISceneNetwork
{
    /// <summary>Most blocks.</summary>
    public const int MostBlocks = 8;

    private const int InputWidth = 128, LeastSide = 4;

    /// <summary>The blocks.</summary>
    public IReadOnlyList<CountedBlock> Blocks => blocks;

    /// <summary>What each costs; empty before the first picture.</summary>
    public IReadOnlyList<BlockCost> Costs { get; private set; } = [];

    /// <summary>What all cost together.</summary>
    public (long Parameters, long MultiplyAccumulates) Total { get; private set; }

    /// <summary>What all would cost if every convolution were a full one, and if every one were taken apart.</summary>
    public (long Full, long Separable) Work { get; private set; }

    /// <summary>All in words; empty before the first picture.</summary>
    public string Summary { get; private set; } = "";

    /// <summary>Full against taken apart, in words; empty before the first picture.</summary>
    public string Comparison { get; private set; } = "";

    /// <summary>The last block, whose maps are drawn; null before the first picture.</summary>
    public ShownLayer? Last { get; private set; }

    /// <summary>Whether another pooling still leaves maps.</summary>
    public static bool HasRoomFor(IReadOnlyList<CountedBlock> blocks) => (InputWidth >> (blocks.Count(block => block.Kind == BlockKind.Pool) + 1)) / 2 >= LeastSide;

    public Graph Build(Size2d upright, out LiveOptions options)
    {
        // Halves of halves stay whole for a while.
        var size = new Size2d(Math.Max((int)Math.Round((double)InputWidth * upright.Height / upright.Width / 16), 4) * 16, InputWidth);
        options = new LiveOptions { Preprocessing = new Preprocessing { Size = size }, Drawn = [NameOf(blocks.Count - 1)] };
        var graph = Build(blocks, size);
        Count(graph, size);
        return graph;
    }

    public void Release(Graph graph) => graph.Dispose();

    public void Read(LiveResult result, Scene scene)
    {
        // All of it is drawn.
    }

    /// <summary>Name of a block's value.</summary>
    public static string NameOf(int block) => $"block {block + 1}";

    /// <summary>The network of some blocks for a picture of some height and width.</summary>
    public static Graph Build(IReadOnlyList<CountedBlock> blocks, Size2d size)
    {
        var builder = new GraphBuilder(seed: 5);
        var node = builder.Input("picture", new Shape(1, 3, size.Height, size.Width));
        int channels = 3;
        for (int i = 0; i < blocks.Count; i++)
        {
            var (kind, outChannels) = blocks[i];
            switch (kind)
            {
                case BlockKind.Convolution:
                    node = builder.Add(new Conv2d(channels, outChannels, 3) { Padding = 1, Activation = Activation.Relu }, node, name: NameOf(i));
                    channels = outChannels;
                    break;
                case BlockKind.Separable:
                    node = builder.Add(new DepthwiseConv2d(channels, 3) { Padding = 1 }, node, name: $"{NameOf(i)} depthwise");
                    node = builder.Add(new PointwiseConv2d(channels, outChannels) { Activation = Activation.Relu }, node, name: NameOf(i));
                    channels = outChannels;
                    break;
                default:
                    node = builder.Add(new MaxPool2d(2), node, name: NameOf(i));
                    break;
            }
        }

        return builder.Build(node);
    }

    private void Count(Graph graph, Size2d size)
    {
        var summary = graph.Summary();
        Costs = [.. blocks.Select((block, i) =>
        {
            // The part before the last of a block that is taken apart bears its name too.
            var parts = summary.Nodes.Where(node => node.Name == NameOf(i) || node.Name == $"{NameOf(i)} depthwise").ToList();
            var shape = parts[^1].Output;
            return new BlockCost(TitleOf(block), $"{shape.Channels}×{shape.Height}×{shape.Width}", parts.Sum(part => part.Parameters), parts.Sum(part => part.MultiplyAccumulates), graph.ReceptiveField(graph[NameOf(i)]).Width);
        })];
        Total = (summary.Parameters, summary.MultiplyAccumulates);
        Work = (WorkAs(BlockKind.Convolution), WorkAs(BlockKind.Separable));
        Summary = $"{BlockCost.Short(Total.Parameters)} parameters, {BlockCost.Short(Total.MultiplyAccumulates)} multiply-accumulates a picture";
        Comparison = FormattableString.Invariant($"full {BlockCost.Short(Work.Full)}, separable {BlockCost.Short(Work.Separable)}: {(double)Work.Full / Math.Max(Work.Separable, 1):0.0} times fewer");
        var last = summary.Nodes[^1].Output;
        Last = new ShownLayer(NameOf(blocks.Count - 1), "last block, random weights", last, Costs[^1].Shape);

        long WorkAs(BlockKind kind)
        {
            using var twin = Build([.. blocks.Select(block => block.Kind == BlockKind.Pool ? block : block with { Kind = kind })], size);
            return twin.Summary().MultiplyAccumulates;
        }
    }

    private static string TitleOf(CountedBlock block) => block.Kind switch
    {
        BlockKind.Convolution => $"conv 3×3, {block.Channels}",
        BlockKind.Separable => $"separable 3×3, {block.Channels}",
        _ => "max pool 2×2",
    };
}
