namespace RealtimeCnn.Drawing;

/// <summary>Which letter, how large and where between whole pixels: of that, a bitmap is made once.</summary>
/// <param name="Cell">Of the <see cref="OverlayFont"/>.</param>
/// <param name="Height">Of the letter's cell, in 64ths of a pixel.</param>
/// <param name="PhaseX">Its left edge beyond a whole pixel, in eighths.</param>
/// <param name="PhaseY">Its top edge beyond a whole pixel, in eighths.</param>
internal readonly record struct GlyphKey(int Cell, int Height, int PhaseX, int PhaseY);

/// <summary>How much of each pixel a letter covers.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Coverage">Row by row, 255 for all of a pixel.</param>
internal sealed record GlyphBitmap(int Width, byte[] Coverage);

/// <summary>Letters as bitmaps, kept from picture to picture: text is the same in most of them.</summary>
internal sealed class GlyphCache
{
    /// <summary>Places between two pixels that a letter can stand at.</summary>
    public const int Phases = 8;

    private const int HeightSteps = 64;

    // A window that is drawn larger by and by would fill the memory with letters of every size.
    private const int MostBitmaps = 8192;

    private readonly Dictionary<GlyphKey, GlyphBitmap> _bitmaps = [];

    /// <summary>The bitmap of a letter whose cell has its corner at a place between pixels.</summary>
    /// <param name="cell">Of the <see cref="OverlayFont"/>.</param>
    /// <param name="height">Of the cell, in pixels.</param>
    /// <param name="phaseX">Eighths of a pixel.</param>
    /// <param name="phaseY">Eighths of a pixel.</param>
    public GlyphBitmap Get(int cell, float height, int phaseX, int phaseY)
    {
        var key = new GlyphKey(cell, (int)MathF.Round(height * HeightSteps), phaseX, phaseY);
        if (_bitmaps.TryGetValue(key, out var bitmap))
            return bitmap;
        if (_bitmaps.Count == MostBitmaps)
            _bitmaps.Clear();
        return _bitmaps[key] = Make(key);
    }

    private static GlyphBitmap Make(GlyphKey key)
    {
        var font = OverlayFont.Instance;
        float height = (float)key.Height / HeightSteps, texels = OverlayFont.CellHeight / height;
        float left = (float)key.PhaseX / Phases, top = (float)key.PhaseY / Phases;
        int columns = (int)MathF.Ceiling(left + (height * OverlayFont.CellWidth / OverlayFont.CellHeight)), rows = (int)MathF.Ceiling(top + height);
        byte[] coverage = new byte[columns * rows];
        int cellLeft = key.Cell % OverlayFont.Columns * OverlayFont.CellWidth, cellTop = key.Cell / OverlayFont.Columns * OverlayFont.CellHeight;
        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < columns; x++)
            {
                float column = (x + 0.5f - left) * texels, row = (y + 0.5f - top) * texels;
                if (column is < 0 or >= OverlayFont.CellWidth || row is < 0 or >= OverlayFont.CellHeight)
                    continue;
                float pixels = font.DistanceAt(cellLeft, cellTop, column, row) / texels / OverlayFont.DistancePerTexel;
                coverage[(y * columns) + x] = (byte)((Math.Clamp(pixels + 0.5f, 0, 1) * 255) + 0.5f);
            }
        }

        return new GlyphBitmap(columns, coverage);
    }
}
