using RealtimeCnn.Cpu;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs.Passes;

/// <summary>Computes now whatever follows from constants alone, so that no plan has to.</summary>
internal static class FoldConstants
{
    public static Graph Run(Graph graph, DerivedParameters derived, long maxActivationBytes)
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

        var folded = Fold(graph.Store, results, derived, maxActivationBytes);
        return GraphRewriter.Rewrite(graph, (node, _) => folded.GetValueOrDefault(node));
    }

    private static Dictionary<Node, Node> Fold(ParameterStore store, Node[] results, DerivedParameters derived, long maxActivationBytes)
    {
        var folded = new Dictionary<Node, Node>();
        using var reading = store.Read();
        using var part = new ConstantPart(results, maxActivationBytes);
        foreach (var (result, value) in results.Zip(part.Values))
        {
            IReadOnlyList<Parameter> sources = new Graph([], [result], []).Parameters;
            var parameter = derived.Add($"{result.Name}.value", value.Clone(), sources, later =>
            {
                using var again = new ConstantPart([result], maxActivationBytes);
                again.Values[0].Span.CopyTo(later);
            });
            folded[result] = new Node(result.Name, new Constant(value.Shape), [], [parameter]);
        }

        return folded;
    }

    /// <summary>The values of nodes that need no input.</summary>
    private sealed class ConstantPart : IDisposable
    {
        private readonly CpuNetwork _network;

        public ConstantPart(Node[] results, long maxActivationBytes)
        {
            _network = new CpuNetwork(new Graph([], results, []), new NetworkOptions { Threads = 1, Optimize = false, MaxActivationBytes = maxActivationBytes });
            try
            {
                Values = _network.Run();
            }
            catch
            {
                _network.Dispose();
                throw;
            }
        }

        public IReadOnlyList<Tensor> Values { get; }

        public void Dispose() => _network.Dispose();
    }
}
