using RealtimeCnn.Graphs.Passes;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs;

/// <summary>
/// A pooling of a join of channels is the join of poolings: <c>pool(concat(a, b, c)) = concat(pool(a), pool(concat(b, c)))</c>. Where a
/// kernel computes the first or the last parts of a join together with their pooling, and that pays, these are pooled where they are
/// computed, and what lies between stays one pooling: never a step more than there was. Joins without copies put the parts together.
/// </summary>
/// <remarks>Depends on shapes and kernels, so that it belongs to a plan and is none of <see cref="GraphPasses"/>.</remarks>
internal static class JoinedPooling
{
    /// <summary>The graph to plan for a network; the given one where nothing is gained, where all values are kept, or gradients taken.</summary>
    /// <param name="graph">What is computed.</param>
    /// <param name="inputShapes">One for each input.</param>
    /// <param name="options">What the plan is made for.</param>
    /// <exception cref="ShapeException">Shapes that do not fit; all independent problems are listed.</exception>
    public static Graph Apart(Graph graph, ReadOnlySpan<Shape> inputShapes, PlanOptions options)
    {
        if (options.KeepAll || options.Goal != null || !graph.Nodes.Any(node => JoinUnder(node) != null))
            return graph;
        var shapes = ShapeInference.RunAll(graph, inputShapes);
        var uses = GraphRewriter.CountUses(graph);
        return GraphRewriter.Rewrite(graph, (node, inputs) =>
        {
            if (JoinUnder(node) is not { } join || uses[join] != 1)
                return null;
            int count = join.Inputs.Count, leading = 0, trailing = 0, begin = 0, end = shapes[join][0].Channels;
            // A part ends where a block does.
            while (leading < count && IsPooledAtOnce(leading) && EndsBlock(begin + Channels(leading)))
                begin += Channels(leading++);
            while (leading + trailing < count && IsPooledAtOnce(count - 1 - trailing) && EndsBlock(end - Channels(count - 1 - trailing)))
                end -= Channels(count - 1 - trailing++);
            return leading + trailing == 0 ? null : Poolings(node, inputs[0], leading, trailing);

            int Channels(int part) => shapes[join.Inputs[part]][0].Channels;
            bool EndsBlock(int channel) => channel % options.Kernels.Block == 0 || channel == shapes[join][0].Channels;
            bool IsPooledAtOnce(int part) => uses[join.Inputs[part]] == 1 && IsJoined(new Node(node.Name, node.Layer, [join.Inputs[part]], []), uses, shapes, options);
        });
    }

    // The join of channels that a pooling without parameters reads, or null.
    private static Node? JoinUnder(Node node) =>
        node is { Layer: PoolingLayer and not MaxPool2d { ReturnIndices: true }, Parameters.Count: 0, Inputs: [{ Layer: Concat { Axis: 1 or -3 } } join] } ? join : null;

    /// <summary>Whether a kernel computes a pooling together with what it reads, and leaves it in channel blocks.</summary>
    private static bool IsJoined(Node pool, Dictionary<Node, int> uses, Dictionary<Node, Shape[]> shapes, PlanOptions options)
    {
        foreach (var kernel in options.Kernels.Of(pool.Layer))
        {
            if (kernel.Block?.Invoke(pool) is not { } block || block.SkipLast(1).Any(node => uses[node] != 1))
                continue;
            shapes[pool] = pool.Layer.InferShapes([shapes[pool.Inputs[0]][0]]);
            var call = LayerCall.Expected(block, shapes, options);
            if (options.Joins(kernel, call))
                return kernel.Layouts(call).Output.Layout == Layout.Blocked;
        }

        return false;
    }

    private static Node Poolings(Node pool, Node join, int leading, int trailing)
    {
        Node[] parts = [.. join.Inputs];
        Node[] between = parts[leading..^trailing];
        if (between.Length > 1)
            between = [new Node($"{join.Name}: rest", join.Layer, between, [])];
        parts = [.. parts[..leading], .. between, .. parts[^trailing..]];
        return new Node(pool.Name, join.Layer, parts.Map(part => new Node($"{pool.Name} of {part.Name}", pool.Layer, [part], [])), []);
    }
}
