using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;

namespace RealtimeCnn.Live;

/// <summary>An output of a live network.</summary>
/// <param name="Index">Among the outputs of the graph.</param>
/// <param name="Name">Of its node.</param>
/// <param name="Shape">For the size that pictures are brought to.</param>
internal readonly record struct LiveOutput(int Index, string Name, Shape Shape);

/// <summary>Which outputs of a network come back with results, which are only drawn, which are textures, and what a head reads of all of them.</summary>
internal sealed record LiveOutputs(IReadOnlyList<LiveOutput> Returned, IReadOnlyList<LiveOutput> Drawn, IReadOnlyList<LiveOutput> Textured)
{
    /// <summary>Whether results carry in memory what is looked at.</summary>
    public bool AreSeenInMemory { get; init; } = true;

    /// <summary>All outputs, in the order of the graph.</summary>
    public required IReadOnlyList<LiveOutput> All { get; init; }

    /// <summary>Those that the head reads: the first ones.</summary>
    public required IReadOnlyList<LiveOutput> Read { get; init; }

    /// <summary>What the outputs mean; null for outputs as they are.</summary>
    public required DetectionHead? Head { get; init; }

    /// <summary>Size of the network's input.</summary>
    public required Size2d Input { get; init; }

    /// <summary>Most regions, and landmarks of each; null without a second network.</summary>
    public (int Most, int Landmarks)? Regions { get; init; }

    /// <summary>Whether results carry what was found in the picture.</summary>
    public bool HasDetections => Head != null;

    /// <summary>Those that the CPU needs to read the head, and those that come back, in the order of the graph.</summary>
    public IReadOnlyList<LiveOutput> Fetched => [.. All.Where(output => output.Index < Read.Count || Returned.Contains(output))];

    /// <summary>Those to be looked at that each result carries: first the drawn ones, then the textures'.</summary>
    public IEnumerable<LiveOutput> SeenInMemory => AreSeenInMemory ? Drawn.Concat(Textured) : [];

    /// <summary>Sorts the outputs of a graph.</summary>
    /// <exception cref="ArgumentException">It takes more than one picture, what is to be drawn or a texture is no output of it, or its outputs are not those of the head.</exception>
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
        if (options.HeadOutputs is { } count && (count < 1 || count > all.Count))
            throw new ArgumentException($"A head cannot read the first {count} outputs of a network that has {all.Count}.");
        foreach (var texture in options.Textures)
        {
            int index = all.FindIndex(output => output.Name == texture.Output);
            if (index < 0)
                throw new ArgumentException($"'{texture.Output}' cannot be a texture: it is no output of the network, which has {string.Join(", ", all.Select(output => output.Name))}.");
            texture.Verify(all[index].Shape);
        }

        int read = options.HeadOutputs ?? all.Count;
        List<LiveOutput> drawn = [.. all.Where(output => options.Drawn.Contains(output.Name))], textured = [.. all.Where(output => options.Textures.Any(texture => texture.Output == output.Name))];
        bool areKept = options.Head == null || options.KeepsOutputs;
        var outputs = new LiveOutputs([.. all.Where(output => (areKept || output.Index >= read) && !drawn.Contains(output) && (options.KeepsOutputs || !textured.Contains(output)))], drawn, textured)
        {
            All = all, Read = all[..read], Head = options.Head, Input = options.Preprocessing.Size,
        };
        outputs.NewReader();
        return outputs;
    }

    /// <summary>What reads the outputs as their head says; null without one.</summary>
    /// <exception cref="ArgumentException">The outputs are not those of the head.</exception>
    public DetectionReader? NewReader() => Head == null ? null : new DetectionReader(Head, [.. Read.Select(output => new HeadOutput(output.Name, output.Shape))], Input);
}
