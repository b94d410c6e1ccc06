namespace RealtimeCnn.Benchmarks.Soak;

/// <summary>What <see cref="DemoSoak"/> saw.</summary>
/// <param name="Samples">The process at the end of each round.</param>
/// <param name="Failures">Exceptions, and what was not disposed.</param>
/// <param name="LongestTurns">Of the demo's loop, in each mode: for so long it answered nobody.</param>
/// <param name="Frames">Pictures of the camera and of the board that were shown.</param>
/// <param name="Turns">Of the demo's loop.</param>
/// <param name="FilesSaved">By the demo, as the user wished.</param>
internal sealed record DemoSoakReport(
    IReadOnlyList<Footprint> Samples, IReadOnlyList<string> Failures, IReadOnlyDictionary<string, TimeSpan> LongestTurns, long Frames, long Turns, long FilesSaved)
{
    /// <summary>What is wrong, in words; none where nothing is.</summary>
    public IReadOnlyList<string> Problems => [.. Failures, .. Footprint.Growth(Samples), .. Frames > 0 ? Array.Empty<string>() : ["no picture was shown"]];
}
