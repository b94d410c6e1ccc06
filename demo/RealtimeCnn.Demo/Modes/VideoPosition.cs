namespace RealtimeCnn.Demo.Modes;

/// <summary>How far a video is that begins again at its end.</summary>
/// <param name="At">Of the picture that is shown, from the beginning.</param>
/// <param name="Length">Of all of it, above 0; null of a video that does not say, which cannot be entered in its middle.</param>
internal readonly record struct VideoPosition(TimeSpan At, TimeSpan? Length)
{
    /// <summary>The same as a share, in [0, 1]; 0 where that is not known.</summary>
    public double Share => Length is { Ticks: > 0 } length ? Math.Clamp(At / length, 0, 1) : 0;
}
