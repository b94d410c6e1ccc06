using RealtimeCnn.Graphs;
using RealtimeCnn.Graphs.Passes;

namespace RealtimeCnn.Tests.Graphs;

/// <summary>A small graph, and which layers must be left of it after all passes.</summary>
/// <param name="Name">Says what is awkward about it.</param>
/// <param name="Build">Makes the graph.</param>
/// <param name="Left">Layer types after the passes, without inputs, in order.</param>
public sealed record PassCase(string Name, Func<GraphBuilder, Graph> Build, params string[] Left)
{
    /// <summary>What the graph is run for.</summary>
    public RunMode Mode { get; init; }

    public override string ToString() => Name;

    /// <summary>The graph, with normalisations that are not the identity.</summary>
    public Graph Make()
    {
        var graph = Build(new GraphBuilder(seed: 3));
        GraphRuns.RandomizeAffine(graph, 4);
        return graph;
    }

    /// <summary>The types of a graph's layers, without inputs.</summary>
    public static string[] Types(Graph graph) =>
        [.. graph.Nodes.Where(node => node.Layer is not RealtimeCnn.Layers.Input).Select(node => node.Layer.GetType().Name)];

    /// <summary>Runs all passes of a mode.</summary>
    public static Graph Optimize(Graph graph, RunMode mode = default)
    {
        var fusion = new Fusion(graph, new NetworkOptions { Mode = mode });
        fusion.Units().Finish();
        return fusion.Result!;
    }
}
