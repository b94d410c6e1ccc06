using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs;

/// <summary>Walks a graph once and finds every shape, or every reason why there is none.</summary>
internal static class ShapeInference
{
    /// <summary>The shape of each node's first output.</summary>
    public static Dictionary<Node, Shape> Run(Graph graph, ReadOnlySpan<Shape> inputShapes) =>
        RunAll(graph, inputShapes).ToDictionary(entry => entry.Key, entry => entry.Value[0]);

    /// <summary>The shapes of each node's outputs.</summary>
    public static Dictionary<Node, Shape[]> RunAll(Graph graph, ReadOnlySpan<Shape> inputShapes)
    {
        if (inputShapes.Length != 0)
            VerifyInputCount(graph, inputShapes.Length);

        var shapes = new Dictionary<Node, Shape[]>();
        for (int i = 0; i < graph.Inputs.Count; i++)
            shapes[graph.Inputs[i]] = [inputShapes.Length == 0 ? ((Input)graph.Inputs[i].Layer).Shape : inputShapes[i]];

        var problems = new List<string>();
        foreach (var node in graph.Nodes)
        {
            if (node.Layer is Input || !node.Inputs.All(shapes.ContainsKey))
                continue;
            try
            {
                shapes[node] = node.Layer is NodeOutput output ? [output.InferShape(shapes[node.Inputs[0]])] : Infer(node, node.Inputs.Map(input => shapes[input][0]));
            }
            catch (ShapeException problem)
            {
                problems.Add($"{node}: {problem.Message}");
            }
        }

        return problems.Count == 0 ? shapes : throw new ShapeException(Given(graph, inputShapes) + string.Join(Environment.NewLine, problems));
    }

    /// <summary>Which inputs have other shapes than the declared ones, in a sentence; empty where none has.</summary>
    private static string Given(Graph graph, ReadOnlySpan<Shape> inputShapes)
    {
        var others = new List<string>();
        for (int i = 0; i < inputShapes.Length; i++)
        {
            var (input, declared) = (graph.Inputs[i], ((Input)graph.Inputs[i].Layer).Shape);
            if (inputShapes[i] != declared)
                others.Add($"Input '{input.Name}' is {inputShapes[i]}, declared as {declared}");
        }

        return others.Count == 0 ? "" : $"{string.Join("; ", others)}; that does not fit: ";
    }

    /// <exception cref="ShapeException">The graph has another number of inputs.</exception>
    public static void VerifyInputCount(Graph graph, int given)
    {
        if (given != graph.Inputs.Count)
            throw new ShapeException($"The graph has {graph.Inputs.Count} inputs ({string.Join(", ", graph.Inputs.Select(input => $"'{input.Name}'"))}); {given} were given.");
    }

    private static Shape[] Infer(Node node, Shape[] inputs)
    {
        var (fewest, most) = node.Layer.InputCount;
        if (inputs.Length < fewest || inputs.Length > most)
            throw new ShapeException($"takes {(fewest == most ? $"{fewest}" : $"{fewest} to {most}")} inputs; it has {inputs.Length}.");

        var outputs = node.Layer.InferShapes(inputs);
        var specs = node.Layer.Parameters;
        if (node.Parameters.Count != specs.Count)
            throw new ShapeException($"needs {specs.Count} parameters ({string.Join(", ", specs.Select(spec => spec.Name))}); it has {node.Parameters.Count}.");
        for (int i = 0; i < specs.Count; i++)
        {
            if (node.Parameters[i].Shape != specs[i].Shape)
                throw new ShapeException($"parameter '{specs[i].Name}' must be {specs[i].Shape}; it is {node.Parameters[i].Shape}.");
        }

        return outputs;
    }
}
