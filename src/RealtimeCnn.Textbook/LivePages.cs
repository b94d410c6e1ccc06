namespace RealtimeCnn.Textbook;

/// <summary>A claim that the demo shows live.</summary>
/// <param name="Claim">Its <see cref="Textbook.Claim.Name"/>.</param>
/// <param name="Mode">The demo's mode that shows it.</param>
/// <param name="Scene">The scene of the mode; null where it has none.</param>
public sealed record LivePage(string Claim, string Mode, string? Scene = null)
{
    /// <summary>The command that shows it.</summary>
    public string Command => Scene == null ? $"./demo.sh --mode {Mode}" : $"./demo.sh --mode {Mode} --scene {Scene}";
}

/// <summary>Which claims the demo shows live, and where. What only training or a clock shows, it does not.</summary>
public static class LivePages
{
    private const string Explore = "explore";

    /// <summary>All of them, in the order of the claims.</summary>
    public static IReadOnlyList<LivePage> All { get; } =
    [
        new("sliding-sum", Explore, "loupe"),
        new("output-size", Explore, "stack"),
        new("parameters", Explore, "count"),
        new("equivariance", Explore, "shift"),
        new("pooling", Explore, "pooling"),
        new("presence", "find"),
        new("receptive-field", Explore, "dilation"),
        new("going-deeper", Explore, "count"),
        new("separable-cost", Explore, "count"),
        new("convolution-kinds", Explore, "dilation"),
        new("gem-exponent", Explore, "pooling"),
        new("activation-maximisation", "wall"),
    ];

    /// <summary>Where the demo shows a claim; null where it does not.</summary>
    /// <param name="claim">Its name.</param>
    public static LivePage? Find(string claim) => All.FirstOrDefault(page => page.Claim == claim);
}
