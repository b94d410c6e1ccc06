using RealtimeCnn.Graphs.Passes;

namespace RealtimeCnn.Graphs;

/// <summary>
/// Which nodes of a graph one kernel computes together. A node inside a block is read by the block alone, so that its value need
/// not exist.
/// </summary>
internal sealed class BlockCover
{
    private readonly Dictionary<Node, IReadOnlyList<Node>> _blocks = [];
    private readonly HashSet<Node> _inside = [];

    private BlockCover()
    {
    }

    /// <summary>The blocks that the table's kernels compute, found from the last node to the first, so that the longest block wins.</summary>
    /// <param name="graph">What is computed.</param>
    /// <param name="options">What the plan is made for.</param>
    /// <param name="shapes">Those of all values.</param>
    public static BlockCover Find(Graph graph, PlanOptions options, Dictionary<Node, Shape[]> shapes)
    {
        var cover = new BlockCover();
        // Where all values are kept, or gradients are taken, each node is a step of its own.
        if (options.KeepAll || options.Goal != null)
            return cover;
        var uses = GraphRewriter.CountUses(graph);
        foreach (var node in graph.Nodes.Reverse().Where(node => !cover._inside.Contains(node)))
        {
            foreach (var kernel in options.Kernels.Of(node.Layer))
            {
                if (kernel.Block?.Invoke(node) is not { } block || !cover.IsFree(block, uses) || !options.Joins(kernel, LayerCall.Expected(block, shapes, options)))
                    continue;
                cover._blocks[node] = block;
                cover._inside.UnionWith(block.SkipLast(1));
                break;
            }
        }

        return cover;
    }

    /// <summary>Whether a node's value does not exist, because a block computes it on the way.</summary>
    public bool IsInside(Node node) => _inside.Contains(node);

    /// <summary>The nodes computed together with a node, in order and itself the last.</summary>
    public IReadOnlyList<Node> Of(Node node) => _blocks.GetValueOrDefault(node) ?? [node];

    private bool IsFree(IReadOnlyList<Node> block, Dictionary<Node, int> uses) =>
        block.SkipLast(1).All(node => uses[node] == 1 && !_inside.Contains(node));
}
