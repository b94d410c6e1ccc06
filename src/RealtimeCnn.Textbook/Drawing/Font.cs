using System.IO.Compression;

namespace RealtimeCnn.Textbook.Drawing;

/// <summary>A face at one size, as coverage bitmaps baked by <c>Fonts/bake.py</c>.</summary>
internal sealed class Font
{
    private readonly Dictionary<int, Glyph> _glyphs;

    private Font(int ascent, int lineHeight, Dictionary<int, Glyph> glyphs) => (Ascent, LineHeight, _glyphs) = (ascent, lineHeight, glyphs);

    public static Font Body => Faces.All[0];

    public static Font Strong => Faces.All[1];

    public static Font Title => Faces.All[2];

    public static Font Lead => Faces.All[3];

    public static Font Small => Faces.All[4];

    /// <summary>Pixels from the top of a line to the baseline.</summary>
    public int Ascent { get; }

    /// <summary>Pixels from the top of a line to the bottom of its descenders.</summary>
    public int LineHeight { get; }

    /// <summary>The bitmap of a letter.</summary>
    /// <exception cref="ArgumentException">The letter was not baked.</exception>
    public Glyph this[char letter] => _glyphs.TryGetValue(letter, out var glyph)
        ? glyph
        : throw new ArgumentException($"The font has no glyph '{letter}' (U+{(int)letter:X4}): add it to LETTERS in Drawing/Fonts/bake.py and bake again.");

    /// <summary>Width of a line of text, in pixels.</summary>
    public int Width(string text) => (int)Math.Ceiling(text.Sum(letter => this[letter].Advance));

    /// <summary>Breaks a text between words so that each line is at most so wide.</summary>
    public IEnumerable<string> Wrap(string text, int width)
    {
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
        public static readonly Font[] All = Load();

        private static Font[] Load()
        {
            using var resource = typeof(Font).Assembly.GetManifestResourceStream("dejavu.font")!;
            using var reader = new BinaryReader(new ZLibStream(resource, CompressionMode.Decompress));
            var faces = new Font[reader.ReadInt32()];
            for (int i = 0; i < faces.Length; i++)
                faces[i] = new Font(reader.ReadInt32(), reader.ReadInt32(), ReadGlyphs(reader));
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
