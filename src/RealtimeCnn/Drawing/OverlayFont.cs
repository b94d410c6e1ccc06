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
