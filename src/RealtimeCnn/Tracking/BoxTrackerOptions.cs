namespace RealtimeCnn.Tracking;

/// <summary>How a <see cref="BoxTracker"/> follows things.</summary>
public sealed record BoxTrackerOptions
{
    /// <summary>Most things followed at once, from 1 to 1024; of more, those with the best scores.</summary>
    public int MostTracks { get; init; } = 64;

    /// <summary>Points of each detection, at least 0.</summary>
    public int Landmarks { get; init; }

    /// <summary>Pictures in a row in which a thing must be found before it counts, at least 1; those of the first picture count at once.</summary>
    public int ConfirmAfter { get; init; } = 3;

    /// <summary>Pictures in a row for which a thing may be lost and keep its number, at least 0.</summary>
    public int MostMissed { get; init; } = 10;

    /// <summary>Longest time between two pictures across which things keep their numbers, above 0. A picture that is older than the one before by more begins anew, too.</summary>
    public TimeSpan LongestGap { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How alike a detection and the place where a thing should be must be, in (0, 1]: intersection over union of both boxes, each with a
    /// quarter of its sides added around it. At 0.2 a thing may be its own width away from where it should be.
    /// </summary>
    public float LeastSimilarity { get; init; } = 0.2f;

    /// <summary>Score that a detection needs to begin a track; one that continues a track needs none. In [0, 1].</summary>
    public float BeginScore { get; init; }

    /// <summary>How boxes and points are smoothed, with speeds in sides of the box (roots of its area) per second.</summary>
    public OneEuroOptions Smoothing { get; init; } = new();

    /// <summary>When the label of a thing changes.</summary>
    public LabelVoteOptions Label { get; init; } = new() { Accept = 0, Release = 0 };

    /// <exception cref="ArgumentException">A number is out of its range; the message names it.</exception>
    internal void Verify()
    {
        Verify(MostTracks is >= 1 and <= 1024, nameof(MostTracks), MostTracks, "from 1 to 1024");
        Verify(Landmarks is >= 0 and <= 65536, nameof(Landmarks), Landmarks, "from 0 to 65536");
        Verify(ConfirmAfter >= 1, nameof(ConfirmAfter), ConfirmAfter, "at least 1");
        Verify(MostMissed >= 0, nameof(MostMissed), MostMissed, "at least 0");
        Verify(LongestGap > TimeSpan.Zero, nameof(LongestGap), LongestGap, "above 0");
        Verify(LeastSimilarity is > 0 and <= 1, nameof(LeastSimilarity), LeastSimilarity, "above 0 and at most 1");
        Verify(BeginScore is >= 0 and <= 1, nameof(BeginScore), BeginScore, "in [0, 1]");
        Smoothing.Verify();
        Label.Verify();

        static void Verify<T>(bool fits, string name, T value, string range)
        {
            if (!fits)
                throw new ArgumentOutOfRangeException(name, value, $"{nameof(BoxTrackerOptions)}.{name} is {range}.");
        }
    }
}
