namespace RealtimeCnn.Interpretation;

/// <summary>How an <see cref="ActivationMaximisation"/> climbs.</summary>
public sealed record ActivationMaximisationOptions
{
    /// <summary>Steps, at least 1.</summary>
    public int Steps { get; init; } = 48;

    /// <summary>Length of a step as a whole, in halves of the range of pixels; null for <see cref="LengthOfPixel"/>.</summary>
    public double? Length { get; init; }

    /// <summary>Length of a step for each element that the unit sees, as their root mean square, in halves of the range of pixels.</summary>
    public double LengthOfPixel { get; init; } = 0.08;

    /// <summary>Every how many steps the picture is smoothed, at least 1.</summary>
    public int BlurEvery { get; init; } = 4;

    /// <summary>How far from gray the picture begins at random where the unit sees it, in halves of the range of pixels: where gray leaves units before it silent.</summary>
    public float Noise { get; init; }

    /// <summary>Decides the noise.</summary>
    public int Seed { get; init; }

    /// <summary>Least value of a pixel, one number or one for each channel; −1 by default.</summary>
    public IReadOnlyList<float> Least { get; init; } = [-1];

    /// <summary>Greatest value of a pixel, one number or one for each channel; 1 by default.</summary>
    public IReadOnlyList<float> Greatest { get; init; } = [1];

    /// <summary>Least and greatest value of a channel's pixels.</summary>
    internal (float Least, float Greatest) RangeOf(int channel) => (Least.Count == 1 ? Least[0] : Least[channel], Greatest.Count == 1 ? Greatest[0] : Greatest[channel]);

    /// <exception cref="ArgumentException">They do not fit an input.</exception>
    internal void Verify(Shape input)
    {
        if (Steps < 1 || BlurEvery < 1)
            throw new ArgumentException($"{Steps} steps, smoothed every {BlurEvery}, are not possible: both are at least 1.");
        if ((Least.Count != 1 && Least.Count != input.Channels) || (Greatest.Count != 1 && Greatest.Count != input.Channels))
            throw new ArgumentException($"Pixels of {input} have 1 range or {input.Channels}, one for each channel; {Least.Count} least and {Greatest.Count} greatest values were given.");
        for (int channel = 0; channel < input.Channels; channel++)
        {
            if (RangeOf(channel) is var (least, greatest) && !(least < greatest && float.IsFinite(least) && float.IsFinite(greatest)))
                throw new ArgumentException($"Pixels of channel {channel} cannot go from {least} to {greatest}.");
        }
    }
}
