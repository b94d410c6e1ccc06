using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Regions;

namespace RealtimeCnn.Live;

/// <summary>
/// A second network that looks at regions of a picture: first at those that the detector found, then where its landmarks were in the picture
/// before, while the detector sleeps.
/// </summary>
/// <param name="Network">It stays its maker's, and must outlive its use.</param>
public sealed record LiveRegions(INetwork Network)
{
    /// <summary>How a region becomes the network's input; <see cref="Preprocessing.Border"/> is the colour outside of the picture.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>What its outputs mean: a <see cref="LandmarkHead"/>, or a <see cref="ClassificationHead"/>, for which the detector looks at each picture.</summary>
    public required ModelHead Head { get; init; }

    /// <summary>How regions are made and followed.</summary>
    public RegionOptions Options { get; init; } = new();

    /// <summary>How the network runs.</summary>
    internal LiveOptions Live(double? budget) => new() { Preprocessing = Preprocessing, BudgetMs = budget, MostRegions = Options.MaximumRegions };

    /// <summary>Throws unless a detector and a second network can be used so; makes nothing.</summary>
    /// <param name="live">How the detector is used.</param>
    /// <param name="detector">What its outputs mean.</param>
    /// <param name="graph">The second network.</param>
    /// <param name="preprocessing">How a region becomes its input.</param>
    /// <param name="head">What its outputs mean.</param>
    /// <param name="options">How regions are made.</param>
    /// <exception cref="ArgumentException">They do not go together; the message says why.</exception>
    internal static RegionAnswers Answers(LiveOptions live, DetectionReader? detector, Graph graph, Preprocessing preprocessing, ModelHead head, RegionOptions options)
    {
        options.Verify();
        if (detector == null)
            throw new ArgumentException($"Regions are made of what a detector finds: say what its outputs mean ({nameof(LiveOptions)}.{nameof(LiveOptions.Head)}).", nameof(detector));
        if (live.KeepsOutputs || live.DrawsFound || live.Drawn.Count > 0 || live.Textures.Count > 0)
            throw new ArgumentException($"A detector sleeps while what it found is followed, and its outputs are then those of an older picture: give {nameof(LiveOptions)}.{nameof(LiveOptions.Regions)}, or {nameof(LiveOptions.Drawn)}, {nameof(LiveOptions.DrawsFound)}, {nameof(LiveOptions.Textures)} and {nameof(LiveOptions.KeepsOutputs)}, not both.", nameof(live));
        var outputs = LiveOutputs.Of(graph, new LiveOptions { Preprocessing = preprocessing });
        var answers = new RegionAnswers(head, graph, outputs);
        options.DetectedBy(detector.Head, detector.Landmarks).Verify(detector.Landmarks, $"{nameof(RegionOptions)}.{nameof(RegionOptions.Detected)}");
        options.FollowedBy(answers.Landmarks)?.Verify(answers.Landmarks, $"{nameof(RegionOptions)}.{nameof(RegionOptions.Followed)}");
        return answers;
    }
}
