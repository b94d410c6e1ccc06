using System.Text;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.OpenGL.Caching;

/// <summary>What the speed of a graph depends on, as text to be hashed: layers with their hyper-parameters, connections, shapes. Values of parameters are no part of it.</summary>
internal static class GraphKey
{
    public static string Of(Graph graph)
    {
        var shapes = ShapeInference.RunAll(graph, graph.InputShapes);
        var numbers = new Dictionary<Node, int>();
        var text = new StringBuilder();
        foreach (var node in graph.Nodes)
        {
            numbers[node] = numbers.Count;
            text.Append(node.Layer).Append(" of ").AppendJoin(", ", node.Inputs.Select(input => numbers[input]))
                .Append(" with ").AppendJoin(", ", node.Parameters.Select(parameter => parameter.Shape))
                .Append(" gives ").AppendJoin(", ", shapes[node]).Append('\n');
        }

        return text.Append("outputs ").AppendJoin(", ", graph.Outputs.Select(output => numbers[output])).ToString();
    }
}
