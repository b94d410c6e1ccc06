namespace RealtimeCnn;

/// <summary>A pair of extents or steps along the two image axes, in elements.</summary>
/// <param name="Height">Along the vertical axis.</param>
/// <param name="Width">Along the horizontal axis.</param>
public readonly record struct Size2d(int Height, int Width)
{
    /// <summary>The same value along both axes.</summary>
    public static implicit operator Size2d(int both) => new(both, both);

    /// <inheritdoc/>
    public override string ToString() => $"{Height}×{Width}";
}
