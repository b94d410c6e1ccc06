using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;

namespace RealtimeCnn.Live;

/// <summary>How a <see cref="LivePipeline"/> uses a network.</summary>
public sealed record LiveOptions
{
    /// <summary>How a picture becomes the network's input.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>
    /// What the outputs of a detector mean: results then carry what was found (<see cref="LiveResult.Detections"/>), the same on every
    /// backend, in place of the outputs. Null, the default, for outputs as they are.
    /// </summary>
    public DetectionHead? Head { get; init; }

    /// <summary>
    /// How many outputs the <see cref="Head"/> reads, the first ones, where a graph has more behind them to look at
    /// (<see cref="Graph.WithOutputs"/>); null, the default, for all of them. Those
    /// behind come back with results, or are <see cref="Drawn"/>.
    /// </summary>
    public int? HeadOutputs { get; init; }

    /// <summary>Whether results carry the outputs beside what a <see cref="Head"/> finds in them and what <see cref="Textures"/> show, which then come all the way back too.</summary>
    public bool KeepsOutputs { get; init; }

    /// <summary>
    /// A second network that looks at regions of the picture, which are made of what a detector found and followed while it sleeps: results
    /// then carry them (<see cref="LiveResult.Regions"/>). Null, the default, for none.
    /// </summary>
    public LiveRegions? Regions { get; init; }

    /// <summary>
    /// Outputs, by name, that are only looked at: they stay where they are computed, to be drawn (<see cref="LivePipeline.Value"/>), and are
    /// left out of <see cref="LiveResult.Outputs"/>. None by default.
    /// </summary>
    public IReadOnlyList<string> Drawn { get; init; } = [];

    /// <summary>
    /// Whether what a <see cref="Head"/> finds is drawn from where it is found (<see cref="LivePipeline.Found"/>), on a GPU before anything has come back. Needs a whole
    /// run in each frame, and outputs that are not <see cref="Drawn"/> themselves.
    /// </summary>
    public bool DrawsFound { get; init; }

    /// <summary>
    /// Outputs that results carry as OpenGL textures, for a pipeline on a device, wherever its network runs: what shaders compute stays on the GPU, what the CPU
    /// computes is uploaded. They are left out of <see cref="LiveResult.Outputs"/>. None by default.
    /// </summary>
    public IReadOnlyList<OutputTexture> Textures { get; init; } = [];

    /// <summary>
    /// Most milliseconds of a GPU that the network may take in one frame of the host's loop (<see cref="LivePipeline.BeginFrame"/>); a slower
    /// one is spread over several, by the times of its steps, which are measured while it is made ready. Steps are not divided: the longest is
    /// the least that a frame takes, and preprocessing comes on top. Values that are <see cref="Drawn"/> need a whole run in each frame. Null, the default, for all at once. What the CPU computes is on threads of its own and in nobody's way.
    /// </summary>
    public double? BudgetMs { get; init; }

    /// <summary>Durations of the network's steps, in milliseconds; null to measure them.</summary>
    internal IReadOnlyList<double>? StepMilliseconds { get; init; }

    /// <summary>Most regions of a picture that the network looks at; 0 for a network that looks at whole pictures.</summary>
    internal int MostRegions { get; init; }

    /// <summary>Throws unless a network can be used so; makes nothing.</summary>
    /// <param name="graph">The network.</param>
    /// <exception cref="ArgumentException">It takes more than one picture, what is to be drawn is no output of it, or its outputs are not those of the head.</exception>
    /// <exception cref="ShapeException">Its layers do not fit the preprocessed picture.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The budget is no time.</exception>
    public void Verify(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        VerifyDrawing();
        AnswersOf(graph);
    }

    /// <summary>What reads the answers for regions of a detector's, and its own; null without regions.</summary>
    internal (RegionAnswers Answers, DetectionReader Detector)? AnswersOf(Graph graph)
    {
        var outputs = LiveOutputs.Of(graph, this);
        if (Regions is not { } regions)
            return null;
        var reader = outputs.NewReader();
        return (LiveRegions.Answers(this, reader, regions.Network.Source, regions.Preprocessing, regions.Head, regions.Options), reader!);
    }

    /// <exception cref="ArgumentOutOfRangeException">The budget is no time.</exception>
    /// <exception cref="ArgumentException">There is a budget, and values are drawn; or nothing finds what is to be drawn, or not where it could be drawn.</exception>
    internal void VerifyDrawing()
    {
        if (BudgetMs != null && (Drawn.Count > 0 || DrawsFound))
            throw new ArgumentException($"What is drawn from where it is computed is of one picture only where a network runs at once: give {nameof(BudgetMs)} or {(DrawsFound ? nameof(DrawsFound) : nameof(Drawn))}, not both.", nameof(Drawn));
        if (DrawsFound && Drawn.Count > 0)
            throw new ArgumentException($"Shaders find things in outputs that are not drawn themselves: give {nameof(DrawsFound)} or {nameof(Drawn)}, not both.", nameof(DrawsFound));
        if (DrawsFound && Head == null)
            throw new ArgumentException($"{nameof(DrawsFound)} needs a {nameof(Head)}, which says what the outputs of the detector mean.", nameof(DrawsFound));
        if (BudgetMs is { } budget && !(budget > 0))
            throw new ArgumentOutOfRangeException(nameof(BudgetMs), budget, $"{nameof(BudgetMs)} is a time above 0, in milliseconds, or null for a network that runs at once.");
    }
}
