namespace RealtimeCnn.Interpretation;

/// <summary>The patch of an <see cref="Occlusion"/>, and how it slides.</summary>
public sealed record OcclusionOptions
{
    /// <summary>Side of the patch, in pixels of the input; at least <see cref="Stride"/>, so that every pixel is covered once.</summary>
    public int Patch { get; init; } = 16;

    /// <summary>Pixels from a position to the next, at least 1.</summary>
    public int Stride { get; init; } = 8;

    /// <summary>What the patch is filled with, in values of the input: one number, or one for each channel. 0 by default, which is gray where inputs are centred.</summary>
    public IReadOnlyList<float> Fill { get; init; } = [0];

    /// <exception cref="ArgumentException">They do not fit an input.</exception>
    internal void Verify(Shape input)
    {
        if (Stride < 1 || Patch < Stride)
            throw new ArgumentException($"A patch of {Patch} pixels every {Stride} is not possible: steps are at least 1 pixel, and patches at least as large.");
        if (Fill.Count != 1 && Fill.Count != input.Channels)
            throw new ArgumentException($"A patch is filled with 1 number or {input.Channels}, one for each channel of {input}; {Fill.Count} were given.");
    }
}
