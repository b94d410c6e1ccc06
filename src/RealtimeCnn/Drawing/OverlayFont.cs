using System.Globalization;
using System.Reflection;
using System.Text;

namespace RealtimeCnn.Drawing;

/// <summary>
/// The overlay's one font, DejaVu Sans Mono, as a grid of signed distances to its outlines: readable at any size from one
/// small texture. Baked by <c>eng/bake-font.py</c>; licence beside the file.
/// </summary>
internal sealed class OverlayFont
{
    /// <summary>Width of a cell, which is also the step to the next letter, in texels.</summary>
    public const int CellWidth = 24;

    /// <summary>Height of a cell, which is also the height of a line, in texels.</summary>
    public const int CellHeight = 48;

    /// <summary>Cells in a row of the grid.</summary>
    public const int Columns = 16;

    /// <summary>By how much the stored number changes from one texel to the next across an outline.</summary>
    public const float DistancePerTexel = 32;

    private const string BeyondAscii = "·×→←↑↓±µ°–…≤≥▸●■✓";
    private const int FirstAscii = ' ', AsciiCount = 95;

    private OverlayFont(int width, int height, byte[] distances) => (Width, Height, Distances) = (width, height, distances);

    /// <summary>The font.</summary>
    public static OverlayFont Instance { get; } = Load();

    /// <summary>Width of the grid, in texels.</summary>
    public int Width { get; }

    /// <summary>Height of the grid, in texels.</summary>
    public int Height { get; }

    /// <summary>The grid, row 0 at the top: 128 on an outline, more inside, 32 a texel.</summary>
    public byte[] Distances { get; }

    /// <summary>The cell of a letter; that of <c>?</c> where the font has none.</summary>
    public static int CellOf(char letter)
    {
        if (letter - FirstAscii is >= 0 and < AsciiCount and int ascii)
            return ascii;
        int beyond = BeyondAscii.IndexOf(letter, StringComparison.Ordinal);
        return beyond >= 0 ? AsciiCount + beyond : '?' - FirstAscii;
    }

    /// <summary>Stored distance from the outline at a place of a cell, above 0 inside: bilinear, as a texture is read.</summary>
    /// <param name="left">The cell's first column in the grid.</param>
    /// <param name="top">The cell's first row in the grid.</param>
    /// <param name="x">Place in the cell, in texels.</param>
    /// <param name="y">Place in the cell, in texels.</param>
    public float DistanceAt(int left, int top, float x, float y)
    {
        // Half a texel inside the cell, so that the neighbours do not bleed in.
        x = Math.Clamp(x, 0.5f, CellWidth - 0.5f) - 0.5f;
        y = Math.Clamp(y, 0.5f, CellHeight - 0.5f) - 0.5f;
        int column = Math.Min((int)x, CellWidth - 2), row = Math.Min((int)y, CellHeight - 2);
        int at = ((top + row) * Width) + left + column;
        float partX = x - column, partY = y - row;
        float above = Distances[at] + ((Distances[at + 1] - Distances[at]) * partX);
        float below = Distances[at + Width] + ((Distances[at + Width + 1] - Distances[at + Width]) * partX);
        return above + ((below - above) * partY) - 128;
    }

    private static OverlayFont Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("dejavu-sans-mono.pgm")!;
        byte[] file = new byte[stream.Length];
        stream.ReadExactly(file);

        // A PGM header: P5, width and height, 255, each on a line.
        int header = 0;
        for (int lines = 0; lines < 3; header++)
            lines += file[header] == '\n' ? 1 : 0;
        string[] size = Encoding.ASCII.GetString(file, 0, header).Split('\n')[1].Split(' ');
        return new OverlayFont(
            int.Parse(size[0], CultureInfo.InvariantCulture), int.Parse(size[1], CultureInfo.InvariantCulture), file[header..]);
    }
}
