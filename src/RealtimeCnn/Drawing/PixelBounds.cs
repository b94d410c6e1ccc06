namespace RealtimeCnn.Drawing;

/// <summary>A rectangle of whole pixels; the right and bottom edges lie behind its last ones.</summary>
/// <param name="Left">First column.</param>
/// <param name="Top">First row.</param>
/// <param name="Right">Behind the last column.</param>
/// <param name="Bottom">Behind the last row.</param>
internal readonly record struct PixelBounds(int Left, int Top, int Right, int Bottom)
{
    /// <summary>The pixels whose centres lie in a rectangle of units, as far as they lie in <paramref name="within"/>; none of one without extent, or with less.</summary>
    /// <param name="where">In units.</param>
    /// <param name="scale">Pixels for each unit.</param>
    /// <param name="within">The bounds.</param>
    public static PixelBounds Of(Area where, float scale, PixelBounds within)
    {
        int left = Column(where.X), top = Row(where.Y);
        return new(left, top, Math.Max(Column(where.Right), left), Math.Max(Row(where.Bottom), top));

        int Column(float x) => Math.Clamp(First(x * scale), within.Left, within.Right);

        int Row(float y) => Math.Clamp(First(y * scale), within.Top, within.Bottom);
    }

    /// <summary>The first pixel whose centre does not lie before an edge.</summary>
    public static int First(float edge) => (int)MathF.Ceiling(edge - 0.5f);
}
