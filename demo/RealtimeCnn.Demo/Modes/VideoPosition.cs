namespace RealtimeCnn.Demo.Modes;

/// <summary>How far a video is that begins again at its end.</summary>
/// <param name="At">Of the picture that is shown, from the beginning.</param>
/// <param name="Length">Of all of it, above 0.</param>
internal readonly record struct VideoPosition(TimeSpan At, TimeSpan Length)
{
    /// <summary>The same as a share, in [0, 1].</summary>
    public double Share => Math.Clamp(At / Length, 0, 1);

    /// <summary>The position of a picture.</summary>
    /// <param name="number">Of the picture, which goes on rising when the video begins again.</param>
    /// <param name="rate">Pictures per second.</param>
    /// <param name="length">Of the video.</param>
    /// <returns>Null for what has no length.</returns>
    public static VideoPosition? Of(long number, double? rate, TimeSpan? length)
    {
        if (rate is not { } perSecond || length is not { } whole || Math.Round(whole.TotalSeconds * perSecond) is not (>= 1 and < 1e12))
            return null;
        long pictures = (long)Math.Round(whole.TotalSeconds * perSecond);
        return new VideoPosition(TimeSpan.FromSeconds(number % pictures / perSecond), whole);
    }
}
