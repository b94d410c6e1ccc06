namespace RealtimeCnn.Cli.Latency;

/// <summary>A picture that a network drew, as its pixels say.</summary>
/// <param name="Sequence">The number that its result carries.</param>
/// <param name="Counter">The number that is written in the drawn pixels, modulo <see cref="CounterRange"/>.</param>
/// <param name="Captured">When the camera took it.</param>
/// <param name="Drawn">When its pixels had been drawn and read back.</param>
internal readonly record struct DrawnPicture(long Sequence, int Counter, TimeSpan Captured, TimeSpan Drawn)
{
    /// <summary>Numbers that the pattern can write.</summary>
    public const int CounterRange = 1 << Camera.TestPatternSource.NumberBits;

    /// <summary>From the camera to the screen, in milliseconds.</summary>
    public double Milliseconds => (Drawn - Captured).TotalMilliseconds;

    /// <summary>What is wrong with a series of pictures: one that shows another than its result says, or that goes back in time. Null when all is well.</summary>
    public static string? Problem(IReadOnlyList<DrawnPicture> pictures)
    {
        for (int i = 0; i < pictures.Count; i++)
        {
            var picture = pictures[i];
            if (picture.Counter != picture.Sequence % CounterRange)
                return $"The drawn picture is number {picture.Counter}, but its result is that of number {picture.Sequence}.";
            if (i > 0 && picture.Sequence <= pictures[i - 1].Sequence)
                return $"Picture {picture.Sequence} was drawn after picture {pictures[i - 1].Sequence}.";
            if (picture.Drawn < picture.Captured)
                return $"Picture {picture.Sequence} was drawn {-picture.Milliseconds} ms before it was taken.";
        }

        return null;
    }
}
