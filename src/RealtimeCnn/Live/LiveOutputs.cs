using RealtimeCnn.Graphs;

namespace RealtimeCnn.Live;

/// <summary>An output of a live network.</summary>
/// <param name="Index">Among the outputs of the graph.</param>
/// <param name="Name">Of its node.</param>
/// <param name="Shape">For the size that pictures are brought to.</param>
internal readonly record struct LiveOutput(int Index, string Name, Shape Shape);

/// <summary>Which outputs of a network come back with results, and which are only drawn.</summary>
internal sealed record LiveOutputs(IReadOnlyList<LiveOutput> Returned, IReadOnlyList<LiveOutput> Drawn, bool DrawnLieInMemory)
{
    /// <summary>Those to be drawn that each result carries.</summary>
    public IEnumerable<LiveOutput> DrawnInMemory => DrawnLieInMemory ? Drawn : [];

    /// <summary>Sorts the outputs of a graph.</summary>
    /// <exception cref="ArgumentException">It takes more than one picture, or what is to be drawn is no output of it.</exception>
    /// <exception cref="ShapeException">Its layers do not fit the preprocessed picture.</exception>
    public static LiveOutputs Of(Graph graph, LiveOptions options)
    {
        options.Preprocessing.Validate();
        if (graph.Inputs.Count != 1)
            throw new ArgumentException($"A camera fills one input; this network has {graph.Inputs.Count}: {string.Join(", ", graph.Inputs.Select(input => input.Name))}.");
        var shapes = graph.InferShapes(options.Preprocessing.Shape);
        var all = graph.Outputs.Select((node, i) => new LiveOutput(i, node.Name, shapes[node])).ToList();
        if (options.Drawn.FirstOrDefault(name => !all.Any(output => output.Name == name)) is { } unknown)
            throw new ArgumentException($"'{unknown}' cannot be drawn: it is no output of the network, which has {string.Join(", ", all.Select(output => output.Name))}.");
        return new LiveOutputs([.. all.Where(output => !options.Drawn.Contains(output.Name))], [.. all.Where(output => options.Drawn.Contains(output.Name))], DrawnLieInMemory: true);
    }
}
