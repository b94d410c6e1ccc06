using RealtimeCnn.Images;

namespace RealtimeCnn.Heads;

/// <summary>What the score of a <see cref="LandmarkHead"/> is.</summary>
public enum PresenceScore
{
    /// <summary>There is none: what is looked at is always there.</summary>
    None,

    /// <summary>A probability.</summary>
    Probability,

    /// <summary>A logit, which sigmoid makes a probability.</summary>
    Logit,
}

/// <summary>
/// Points of one thing in the part of a picture that the network looks at: an output of N points with 2 or 3 numbers each, point after
/// point (x, y and, of 3, the depth, larger further away), in any shape; maybe how sure the network is that the thing is there, and which
/// hand it is. <see cref="LandmarkReader"/> reads it.
/// </summary>
/// <remarks>
/// Source: MediaPipe, hand_landmark (21 points, 63 numbers) and face_landmark (468 points, 1404 numbers): Zhang et al. 2020, arXiv:2006.10214;
/// Kartynnik et al. 2019, arXiv:1907.06724; tensors_to_landmarks_calculator.cc.
/// </remarks>
public sealed record LandmarkHead : ModelHead
{
    /// <summary>Most points.</summary>
    public const int MostPoints = 4096;

    private const string Pixels = "pixels", Parts = "parts";
    private static readonly string[] Scores = ["none", "probability", "logit"];

    /// <inheritdoc/>
    public override string Family => "landmarks";

    /// <summary>How many points there are, from 1; 0 for as many as the output has numbers for.</summary>
    public int Points { get; init; }

    /// <summary>Numbers of a point: 2, or 3 with its depth.</summary>
    public int Dimensions { get; init; } = 2;

    /// <summary>Whether places are parts of the input's sides, from 0 to 1, rather than its pixels.</summary>
    public bool IsInParts { get; init; }

    /// <summary>What says that the thing is there.</summary>
    public PresenceScore Presence { get; init; } = PresenceScore.Probability;

    /// <summary>Probability from which on the thing is there, in (0, 1).</summary>
    public float Threshold { get; init; } = 0.5f;

    /// <summary>Name of the output with the points; empty for the first that has as many numbers.</summary>
    public string PointsOutput { get; init; } = string.Empty;

    /// <summary>Name of the output with the score; empty for the first of one number.</summary>
    public string PresenceOutput { get; init; } = string.Empty;

    /// <summary>Name of the output with the probability that a hand is a right one; empty for the second of one number, if there is one.</summary>
    public string RightHandOutput { get; init; } = string.Empty;

    /// <inheritdoc/>
    public override Preprocessing Published(Size2d size) => new() { Size = size, Fit = FitMode.Letterbox };

    internal override ModelHead Read(HeadEntries entries) => this with
    {
        Points = entries.Whole("points", Points, 0, MostPoints), Dimensions = entries.Whole("dimensions", Dimensions, 2, 3),
        IsInParts = entries.Word("unit", IsInParts ? Parts : Pixels, Pixels, Parts) == Parts,
        Presence = (PresenceScore)Array.IndexOf(Scores, entries.Word("presence", Scores[(int)Presence], Scores)),
        Threshold = entries.Number("threshold", Threshold, 0.0001f, 0.9999f),
        PointsOutput = entries.Text("points-output", PointsOutput), PresenceOutput = entries.Text("presence-output", PresenceOutput), RightHandOutput = entries.Text("right-hand-output", RightHandOutput),
    };

    internal override void Write(HeadEntries entries)
    {
        entries.Set("points", [Points]);
        entries.Set("dimensions", [Dimensions]);
        entries.Set("unit", IsInParts ? Parts : Pixels);
        entries.Set("presence", Scores[(int)Presence]);
        entries.Set("threshold", Threshold);
        entries.Set("points-output", PointsOutput);
        entries.Set("presence-output", PresenceOutput);
        entries.Set("right-hand-output", RightHandOutput);
    }
}
