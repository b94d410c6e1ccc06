using RealtimeCnn.Graphs;

namespace RealtimeCnn.Demo.Scenes;

/// <summary>The graphs of a network whose parameters are written while it runs: the one in use and those that are made ready have the same ones.</summary>
/// <param name="write">Writes what the user has chosen to the parameters of one of them.</param>
internal sealed class BuiltGraphs(Action<Graph> write)
{
    private readonly List<Graph> _graphs = [];

    /// <summary>One more, which gets what the others have.</summary>
    public Graph Add(Graph graph)
    {
        _graphs.Add(graph);
        write(graph);
        return graph;
    }

    /// <summary>Nobody uses it any more.</summary>
    public void Release(Graph graph)
    {
        _graphs.Remove(graph);
        graph.Dispose();
    }

    /// <summary>Writes to all of them.</summary>
    public void Write()
    {
        for (int i = 0; i < _graphs.Count; i++)
            write(_graphs[i]);
    }
}
