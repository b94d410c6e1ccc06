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

    /// <summary>Something more to do at the end of each round, for tests of this one; null for nothing.</summary>
    public Action<OpenGL.GlDevice?>? EachRound { get; init; }
}
