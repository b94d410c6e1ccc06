using System.IO.Compression;

namespace RealtimeCnn.Drawing;

/// <summary>Which point of a text is given.</summary>
public enum TextAnchor
{
    /// <summary>The left edge of the first letter.</summary>
    Left,

    /// <summary>The middle.</summary>
    Center,

    /// <summary>The right edge of the last letter.</summary>
    Right,
}

/// <summary>
/// A proportional face at one size, for what is read on a page: plots, captions, tables. Coverage bitmaps of DejaVu, baked by
/// <c>eng/bake-typefaces.py</c>; licence beside the file. Labels over moving pictures, at any size, are <see cref="Canvas.Text"/>'s.
/// </summary>
public sealed class Typeface
{
    private readonly Dictionary<int, Glyph> _glyphs;

    private Typeface(int ascent, int lineHeight, Dictionary<int, Glyph> glyphs) => (Ascent, LineHeight, _glyphs) = (ascent, lineHeight, glyphs);

    /// <summary>Running text, 13 pixels.</summary>
    public static Typeface Body => Faces.All[0];

    /// <summary>Bold, 13 pixels.</summary>
    public static Typeface Strong => Faces.All[1];

    /// <summary>Headings, bold, 22 pixels.</summary>
    public static Typeface Title => Faces.All[2];

    /// <summary>Text below a heading, 15 pixels.</summary>
    public static Typeface Lead => Faces.All[3];

    /// <summary>Numbers along axes, of one width, 11 pixels.</summary>
    public static Typeface Small => Faces.All[4];

    /// <summary>Pixels from the top of a line to the baseline.</summary>
    public int Ascent { get; }

    /// <summary>Pixels from the top of a line to the bottom of its descenders.</summary>
    public int LineHeight { get; }

    /// <summary>The bitmap of a letter.</summary>
    /// <exception cref="ArgumentException">The letter was not baked.</exception>
    internal Glyph this[char letter] => _glyphs.TryGetValue(letter, out var glyph)
        ? glyph
        : throw new ArgumentException($"The font has no glyph '{letter}' (U+{(int)letter:X4}): add it to LETTERS in eng/bake-typefaces.py and bake again.");

    /// <summary>Width of a line of text, in pixels.</summary>
    /// <exception cref="ArgumentException">A letter was not baked.</exception>
    public int Width(string text) => (int)Math.Ceiling(text.Sum(letter => this[letter].Advance));

    /// <summary>Breaks a text between words so that each line is at most so wide.</summary>
    public IEnumerable<string> Wrap(string text, int width)
    {
        ArgumentNullException.ThrowIfNull(text);
        string line = "";
        foreach (string word in text.Split(' '))
        {
            string longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && Width(longer) > width)
            {
                yield return line;
                longer = word;
            }

            line = longer;
        }

        yield return line;
    }

    /// <summary>A letter: how far the pen moves, and where its coverage lies from the pen and the top of the line.</summary>
    internal sealed record Glyph(float Advance, int Left, int Top, int Width, int Height, byte[] Coverage);

    // A nested class, so that the fonts are read when the first one is asked for.
    private static class Faces
    {
        public static readonly Typeface[] All = Load();

        private static Typeface[] Load()
        {
            using var resource = typeof(Typeface).Assembly.GetManifestResourceStream("dejavu.font")!;
            using var reader = new BinaryReader(new ZLibStream(resource, CompressionMode.Decompress));
            var faces = new Typeface[reader.ReadInt32()];
            for (int i = 0; i < faces.Length; i++)
                faces[i] = new Typeface(reader.ReadInt32(), reader.ReadInt32(), ReadGlyphs(reader));
            return faces;
        }

        private static Dictionary<int, Glyph> ReadGlyphs(BinaryReader reader)
        {
            var glyphs = new Dictionary<int, Glyph>();
            for (int count = reader.ReadInt32(); count > 0; count--)
            {
                int letter = reader.ReadInt32();
                float advance = reader.ReadSingle();
                int left = reader.ReadInt16(), top = reader.ReadInt16(), width = reader.ReadInt16(), height = reader.ReadInt16();
                glyphs.Add(letter, new Glyph(advance, left, top, width, height, reader.ReadBytes(width * height)));
            }

            return glyphs;
        }
    }
}
