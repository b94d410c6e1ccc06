using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>What to ask of a device, and how patient to be with it.</summary>
public sealed record CameraOptions
{
    /// <summary>Width to ask of a camera, pixels; null for the device's default. Files and streams keep their own.</summary>
    public int? Width { get; init; }

    /// <summary>Height to ask of a camera, pixels; given together with <see cref="Width"/>.</summary>
    public int? Height { get; init; }

    /// <summary>Rate to ask of a camera, pictures per second; null for the device's default.</summary>
    public double? FrameRate { get; init; }

    /// <summary>Format to ask of a camera, in FFmpeg's words: <c>mjpeg</c>, <c>yuyv422</c>, <c>nv12</c>…; null for the device's default. Only FFmpeg can be asked.</summary>
    public string? InputFormat { get; init; }

    /// <summary>
    /// Whether a file starts again at its end, for ever. Null for what the use asks for: with
    /// <see cref="FrameDelivery.Latest"/> it does, a photograph stays, and a folder waits to be browsed
    /// (<see cref="IFrameSource.Album"/>); with <see cref="FrameDelivery.Every"/> the source ends at its end.
    /// </summary>
    public bool? Loop { get; init; }

    /// <summary>Most pixels of a picture, from 1 to 2^28; larger ones are refused by their header, before they are decoded.</summary>
    public int MaxPixels { get; init; } = Photograph.DefaultMaxPixels;

    /// <summary>Silence after which a live source counts as stalled.</summary>
    public TimeSpan StallAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Silence after which a live source counts as lost and is opened again.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Longest time from opening a live source to its first picture.</summary>
    public TimeSpan OpenTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a live source may repeat one picture before it counts as stalled; null to allow it for ever.</summary>
    public TimeSpan? FrozenAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Whether a live source that never opened is tried again, too. Otherwise the first failure ends it, with the reason.</summary>
    public bool KeepTrying { get; init; }

    /// <summary>First pause before a lost source is opened again; it doubles with each failure.</summary>
    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest pause between two attempts.</summary>
    public TimeSpan LongestBackOff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The <c>ffmpeg</c> program; null for the one that <c>RTCNN_FFMPEG</c> names, else the one on the search path.</summary>
    public string? Program { get; init; }

    internal bool LoopsWith(FrameDelivery delivery) => Loop ?? delivery == FrameDelivery.Latest;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    internal void Validate()
    {
        if (Width is null != Height is null)
            throw new ArgumentException($"Width and Height go together; one is missing: {Width?.ToString() ?? "none"}×{Height?.ToString() ?? "none"}.");
        if (Width < 1 || Height < 1)
            throw new ArgumentException($"A camera cannot deliver {Width}×{Height} pixels.");
        if (FrameRate is <= 0 or double.NaN or double.PositiveInfinity)
            throw new ArgumentException($"A camera cannot deliver {FrameRate} pictures per second.");
        if (MaxPixels is < 1 or > FrameFormat.MostPixels)
            throw new ArgumentException($"MaxPixels is from 1 to {FrameFormat.MostPixels}; it is {MaxPixels}.");
        foreach (var (name, value) in (ReadOnlySpan<(string, TimeSpan?)>)[
            (nameof(StallAfter), StallAfter), (nameof(LostAfter), LostAfter), (nameof(OpenTimeout), OpenTimeout), (nameof(FrozenAfter), FrozenAfter), (nameof(FirstBackOff), FirstBackOff)])
        {
            if (value <= TimeSpan.Zero)
                throw new ArgumentException($"{name} must be longer than zero; it is {value}.");
        }

        if (LostAfter < StallAfter)
            throw new ArgumentException($"LostAfter ({LostAfter}) must not be shorter than StallAfter ({StallAfter}).");
        if (LongestBackOff < FirstBackOff)
            throw new ArgumentException($"LongestBackOff ({LongestBackOff}) must not be shorter than FirstBackOff ({FirstBackOff}).");
    }
}
