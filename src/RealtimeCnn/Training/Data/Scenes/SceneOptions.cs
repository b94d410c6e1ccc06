namespace RealtimeCnn.Training.Data.Scenes;

/// <summary>What scenes look like. Lengths are shares of the whole picture's height, so that the same scenes come in any size.</summary>
public sealed record SceneOptions
{
    /// <summary>Size of the pictures, in pixels, each side at least 32.</summary>
    public Size2d Size { get; init; } = new(240, 320);

    /// <summary>
    /// Height of the whole picture in pixels, where scenes are a part of one, as a fully convolutional network learns from; null where they
    /// are all of it.
    /// </summary>
    public int? WholeHeight { get; init; }

    /// <summary>Scenes in an epoch, at least 1.</summary>
    public int Count { get; init; } = 10_000;

    /// <summary>Decides every scene; equal seeds give equal scenes.</summary>
    public int Seed { get; init; }

    /// <summary>Height of the smallest marks.</summary>
    public float LeastHeight { get; init; } = 10 / 240f;

    /// <summary>Height of the largest marks.</summary>
    public float MostHeight { get; init; } = 120 / 240f;

    /// <summary>Share of scenes that show nothing to be found.</summary>
    public float Empty { get; init; } = 0.25f;

    /// <summary>Most marks of a scene.</summary>
    public int MostMarks { get; init; } = 24;

    /// <summary>The whole picture's height in pixels, whose shares all lengths are.</summary>
    internal int Unit => WholeHeight ?? Size.Height;

    /// <exception cref="ArgumentOutOfRangeException">A number is not possible; the message names it.</exception>
    internal void Verify()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Size.Height, 32, nameof(Size));
        ArgumentOutOfRangeException.ThrowIfLessThan(Size.Width, 32, nameof(Size));
        ArgumentOutOfRangeException.ThrowIfLessThan(Unit, Size.Height, nameof(WholeHeight));
        ArgumentOutOfRangeException.ThrowIfLessThan(Count, 1, nameof(Count));
        ArgumentOutOfRangeException.ThrowIfLessThan(MostMarks, 1, nameof(MostMarks));
        if (!(LeastHeight > 0 && LeastHeight <= MostHeight && MostHeight <= 1))
            throw new ArgumentOutOfRangeException(nameof(LeastHeight), $"Heights from {LeastHeight} to {MostHeight} are not possible: they are above 0 and at most 1 of the picture's.");
        if (!(Empty >= 0 && Empty <= 1))
            throw new ArgumentOutOfRangeException(nameof(Empty), $"A share of {Empty} is not possible: it is from 0 to 1.");
    }
}
