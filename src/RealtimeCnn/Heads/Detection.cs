namespace RealtimeCnn.Heads;

/// <summary>Something found in a picture: a box, what it holds, and how sure the network is.</summary>
/// <param name="Left">Left edge; in the units of whoever made the detection (pixels, or parts of the picture).</param>
/// <param name="Top">Top edge, row 0 at the top.</param>
/// <param name="Right">Right edge, at least <paramref name="Left"/>.</param>
/// <param name="Bottom">Bottom edge, at least <paramref name="Top"/>.</param>
/// <param name="Class">Number of the class.</param>
/// <param name="Score">In [0, 1].</param>
public readonly record struct Detection(float Left, float Top, float Right, float Bottom, int Class, float Score)
{
    /// <summary>Area of the box; 0 for a box that is inside out.</summary>
    public float Area => Math.Max(Right - Left, 0) * Math.Max(Bottom - Top, 0);

    /// <summary>Intersection over union with another box, in [0, 1]; 0 where both are empty.</summary>
    public float Overlap(Detection other)
    {
        float shared = Shared(other), union = Area + other.Area - shared;
        return union > 0 ? shared / union : 0;
    }

    /// <summary>Whether the intersection over union is above a limit; without a division, which GPUs round otherwise.</summary>
    internal bool Overlaps(Detection other, float limit)
    {
        float shared = Shared(other);
        return shared > limit * (Area + other.Area - shared);
    }

    private float Shared(Detection other)
    {
        float width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
        float height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        return Math.Max(width, 0) * Math.Max(height, 0);
    }
}
