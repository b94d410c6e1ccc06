using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>Puts nodes in an order in which each comes after what it reads. Files should have them so; some do not.</summary>
internal static class NodeOrder
{
    /// <exception cref="OnnxException">A value has two sources or none, or nodes wait for each other in a circle.</exception>
    public static List<NodeProto> Sort(IReadOnlyList<NodeProto> nodes, IReadOnlySet<string> given)
    {
        var producers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (string output in nodes[i].Output.Where(output => output.Length > 0))
            {
                if (given.Contains(output) || !producers.TryAdd(output, i))
                    throw new OnnxException($"Value '{output}' is computed by node '{OnnxNode.NameOf(nodes[i])}', but has another source already.");
            }
        }

        int[] waiting = new int[nodes.Count];
        var readers = new List<int>[nodes.Count];
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (string input in nodes[i].Input.Where(input => input.Length > 0 && !given.Contains(input)))
            {
                if (!producers.TryGetValue(input, out int producer))
                    throw new OnnxException($"Node '{OnnxNode.NameOf(nodes[i])}' ({OnnxNode.OpOf(nodes[i])}) reads '{input}', which is no input, no initialiser and no output of a node.");
                (readers[producer] ??= []).Add(i);
                waiting[i]++;
            }
        }

        var ready = new PriorityQueue<int, int>();
        for (int i = 0; i < nodes.Count; i++)
        {
            if (waiting[i] == 0)
                ready.Enqueue(i, i);
        }

        var sorted = new List<NodeProto>(nodes.Count);
        while (ready.TryDequeue(out int next, out _))
        {
            sorted.Add(nodes[next]);
            foreach (int reader in readers[next] ?? [])
            {
                if (--waiting[reader] == 0)
                    ready.Enqueue(reader, reader);
            }
        }

        if (sorted.Count < nodes.Count)
            throw new OnnxException($"Nodes wait for each other in a circle, '{OnnxNode.NameOf(nodes[Array.FindIndex(waiting, count => count > 0)])}' among them.");
        return sorted;
    }
}
