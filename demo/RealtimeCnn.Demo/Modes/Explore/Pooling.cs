namespace RealtimeCnn.Demo.Modes.Explore;

/// <summary>What the demo's network pools with; the stride is always 2.</summary>
internal enum Pooling
{
    /// <summary>The largest of 2×2.</summary>
    Max2,

    /// <summary>The largest of 3×3.</summary>
    Max3,

    /// <summary>The mean of 2×2.</summary>
    Average2,
}
