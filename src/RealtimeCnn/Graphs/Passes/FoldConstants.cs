using RealtimeCnn.Cpu;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs.Passes;

/// <summary>Computes now whatever follows from constants alone, so that no plan has to.</summary>
internal static class FoldConstants
{
    public static Graph Run(Graph graph, List<Tensor> created, long maxActivationBytes)
    {
        var constant = new HashSet<Node>();
        foreach (var node in graph.Nodes)
        {
            if (node.Layer is not Input && node.Inputs.All(constant.Contains))
                constant.Add(node);
        }

        // Only results that something else reads are kept, not the steps towards them.
        var read = graph.Nodes.Where(node => !constant.Contains(node)).SelectMany(node => node.Inputs).Concat(graph.Outputs).ToHashSet();
        Node[] results = [.. graph.Nodes.Where(node => constant.Contains(node) && node.Layer is not Constant && read.Contains(node))];
        if (results.Length == 0)
            return graph;

        var folded = Evaluate(results, created, maxActivationBytes);
        return GraphRewriter.Rewrite(graph, (node, _) => folded.GetValueOrDefault(node));
    }

    private static Dictionary<Node, Node> Evaluate(Node[] results, List<Tensor> created, long maxActivationBytes)
    {
        using var part = new Graph([], results, []);
        using var network = new CpuNetwork(part, new NetworkOptions { Threads = 1, Optimize = false, MaxActivationBytes = maxActivationBytes });
        var values = network.Run();
        var folded = new Dictionary<Node, Node>();
        for (int i = 0; i < results.Length; i++)
        {
            var value = values[i].Clone();
            created.Add(value);
            folded[results[i]] = new Node(results[i].Name, new Constant(value.Shape), [], [value]);
        }

        return folded;
    }
}
