namespace RealtimeCnn.Benchmarks.Soak;

/// <summary>How <see cref="DemoSoak"/> plays the demo.</summary>
internal sealed record DemoSoakOptions
{
    /// <summary>Where the networks run and the screen is drawn.</summary>
    public string Backend { get; init; } = "gpu";

    /// <summary>Rounds, in each of which every mode is played once, in an order of its own.</summary>
    public int Rounds { get; init; } = 80;

    /// <summary>Time in each mode, and for rest at the end of a round.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Keys, clicks and drags in each mode.</summary>
    public int Deeds { get; init; } = 16;

    /// <summary>Decides all that is left to chance.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Whether the camera is one on the network, read by FFmpeg; else its pictures are drawn in this process.</summary>
    public bool IsStream { get; init; } = true;

    /// <summary>Pictures a second of the camera.</summary>
    public double FrameRate { get; init; } = 15;

    /// <summary>Height and width of the window, in pixels, when it is at rest.</summary>
    public Size2d Size { get; init; } = new(720, 1280);

    /// <summary>Turns of the demo's loop that make a <see cref="Period"/>, so that no mode is left out where the machine is slow; null for the clock on the wall.</summary>
    public int? TurnsOfAPeriod { get; init; }

    /// <summary>Whether the same is done in each round.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Something more to do at the end of each round, whose number from 0 it gets, for tests of this one; null for nothing.</summary>
    public Action<int, OpenGL.GlDevice?>? EachRound { get; init; }
}
