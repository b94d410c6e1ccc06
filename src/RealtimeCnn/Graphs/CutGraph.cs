using System.Diagnostics.CodeAnalysis;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs;

/// <summary>A graph cut at a node: what lies behind it, reading its output alone, as a graph of its own.</summary>
internal static class CutGraph
{
    /// <summary>Whether everything behind a node reads the graph's input through it alone, and something does.</summary>
    public static bool IsCut(this Graph graph, Node cut) => cut.Layer is not Input && !graph.Outputs.Contains(cut) && graph.TryCut(cut, out _, out _);

    /// <summary>What lies behind a node that cuts the graph. It shares the parameters, and owns none.</summary>
    public static Graph Behind(this Graph graph, Node cut) => graph.TryCut(cut, out var end, out _) ? end : throw new ArgumentException($"{cut} does not cut the graph.", nameof(cut));

    /// <summary>Cuts a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="cut">A node of it.</param>
    /// <param name="end">What lies behind; its input is named after the node.</param>
    /// <param name="passing">Where the node does not cut it: a node behind, and what that reads from before.</param>
    public static bool TryCut(this Graph graph, Node cut, [NotNullWhen(true)] out Graph? end, out (Node Reader, Node Source) passing)
    {
        var front = new Graph(graph.Inputs, [cut], []).Nodes.ToHashSet();
        var kept = new Node(cut.Name, new Input(graph.InferShapes()[cut]), [], []);
        var copies = new Dictionary<Node, Node> { [cut] = kept };
        (end, passing) = (null, default);
        foreach (var behind in graph.Nodes.Where(node => !front.Contains(node)))
        {
            if (behind.Inputs.FirstOrDefault(input => !copies.ContainsKey(input)) is { } source)
            {
                passing = (behind, source);
                return false;
            }

            copies[behind] = new Node(behind.Name, behind.Layer, [.. behind.Inputs.Select(input => copies[input])], behind.Parameters);
        }

        end = new Graph([kept], [.. graph.Outputs.Select(output => copies[output])], []);
        return true;
    }

    /// <summary>The wanted name, or one like it that no node has.</summary>
    public static string FreeName(this Graph graph, string wanted)
    {
        while (graph.Nodes.Any(node => node.Name == wanted))
            wanted += "'";
        return wanted;
    }
}
