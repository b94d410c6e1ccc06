using RealtimeCnn.Graphs;
using RealtimeCnn.Images;

namespace RealtimeCnn.Live;

/// <summary>How a <see cref="LivePipeline"/> uses a network.</summary>
public sealed record LiveOptions
{
    /// <summary>How a picture becomes the network's input.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>
    /// Outputs, by name, that are only looked at: they stay where they are computed, to be drawn (<see cref="LivePipeline.Value"/>), and are
    /// left out of <see cref="LiveResult.Outputs"/>. None by default.
    /// </summary>
    public IReadOnlyList<string> Drawn { get; init; } = [];

    /// <summary>Throws unless a network can be used so; makes nothing.</summary>
    /// <param name="graph">The network.</param>
    /// <exception cref="ArgumentException">It takes more than one picture, or what is to be drawn is no output of it.</exception>
    /// <exception cref="ShapeException">Its layers do not fit the preprocessed picture.</exception>
    public void Verify(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        LiveOutputs.Of(graph, this);
    }
}
