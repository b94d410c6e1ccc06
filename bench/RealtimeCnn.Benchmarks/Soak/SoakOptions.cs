namespace RealtimeCnn.Benchmarks.Soak;

/// <summary>How long and how fast <see cref="LiveSoak"/> goes.</summary>
internal sealed record SoakOptions
{
    /// <summary>Where the networks run.</summary>
    public string Backend { get; init; } = "gpu";

    /// <summary>Rounds, in each of which everything happens once that can.</summary>
    public int Rounds { get; init; } = 24;

    /// <summary>Time for each thing that happens, to settle, and for nothing; a round has ten such times.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pictures a second of each camera.</summary>
    public double FrameRate { get; init; } = 15;

    /// <summary>Turns of the host's loop in a second.</summary>
    public double TurnsPerSecond { get; init; } = 120;
}
