using System.Text.Json;
using RealtimeCnn.Drawing;
using RealtimeCnn.Images;

namespace RealtimeCnn.Studio.Looking;

/// <summary>
/// The maps of a layer as they were for one picture, in 255 levels between the layer's least and greatest value, tile behind tile: small
/// enough to keep those of every layer until somebody wants to see them.
/// </summary>
internal sealed class LayerLevels
{
    /// <summary>Most maps of a layer, and most pixels along a side of each.</summary>
    public const int MostMaps = 256, MostSide = 128;

    private const byte NotFinite = 255, Top = 254;
    private static readonly (byte, byte, byte) Between = (58, 68, 86);
    private readonly byte[] _levels;
    private readonly (float Least, float Greatest)[] _ranges;

    private LayerLevels(Shape shape, Size2d tile, int shown) => (Channels, Map, Tile, _levels, _ranges) =
        (shape.Channels, new Size2d(shape.Height, shape.Width), tile, new byte[shown * tile.Height * tile.Width], new (float, float)[shown]);

    /// <summary>Channels of the layer.</summary>
    public int Channels { get; }

    /// <summary>Maps that are kept: the first ones.</summary>
    public int Shown => _ranges.Length;

    /// <summary>Height and width of a map, and of what is kept of it.</summary>
    public Size2d Map { get; }

    /// <summary>Height and width of what is kept of a map.</summary>
    public Size2d Tile { get; }

    /// <summary>Pixels between two tiles of the picture: none where they are so small that it would be of nothing else.</summary>
    public int Gap => Math.Min(Tile.Height, Tile.Width) >= 6 ? 1 : 0;

    /// <summary>Maps beside each other in the picture.</summary>
    public int Columns => (int)Math.Ceiling(Math.Sqrt(Shown));

    /// <summary>The layer's least and greatest finite value; NaN where there is none.</summary>
    public (float Least, float Greatest) Range { get; private set; }

    /// <summary>Values that are not finite.</summary>
    public int NotFiniteCount { get; private set; }

    /// <summary>Of a layer's values.</summary>
    /// <param name="values"><c>[1, C, H, W]</c> or <c>[1, C]</c>, row-major.</param>
    /// <param name="mostBytes">Memory for it.</param>
    /// <returns>Null for what has no maps.</returns>
    public static LayerLevels? Of(Tensor values, long mostBytes)
    {
        var shape = values.Shape.Rank == 2 ? new Shape(values.Shape[0], values.Shape[1], 1, 1) : values.Shape;
        if (shape.Rank != 4 || shape.Batch != 1 || shape.Count == 0)
            return null;
        int shown = Math.Min(shape.Channels, MostMaps), side = (int)Math.Clamp(Math.Sqrt((double)mostBytes / shown), 8, MostSide);
        int step = Math.Max((Math.Max(shape.Height, shape.Width) + side - 1) / side, 1);
        var levels = new LayerLevels(shape, new Size2d((shape.Height + step - 1) / step, (shape.Width + step - 1) / step), shown);
        levels.Fill(values.Span, shape, step);
        return levels;
    }

    /// <summary>The maps as a PNG file: <see cref="Columns"/> tiles in a row. Dark is 0, above it amber, below it blue; or, where nothing is below 0, from night blue to white.</summary>
    public byte[] ToPng()
    {
        int rows = (Shown + Columns - 1) / Columns, width = (Columns * (Tile.Width + Gap)) - Gap, height = (rows * (Tile.Height + Gap)) - Gap;
        byte[] pixels = new byte[height * width * 3];
        for (int i = 0; i < pixels.Length; i += 3)
            (pixels[i], pixels[i + 1], pixels[i + 2]) = Between;
        var colors = Palette();
        for (int map = 0; map < Shown; map++)
        {
            int left = map % Columns * (Tile.Width + Gap), top = map / Columns * (Tile.Height + Gap), from = map * Tile.Height * Tile.Width;
            for (int y = 0; y < Tile.Height; y++)
            {
                int to = (((top + y) * width) + left) * 3;
                for (int x = 0; x < Tile.Width; x++, from++, to += 3)
                    (pixels[to], pixels[to + 1], pixels[to + 2]) = colors[_levels[from]];
            }
        }

        using var png = new MemoryStream();
        Png.Write(png, pixels, new FrameFormat(width, height, PixelFormat.Rgb));
        return png.ToArray();
    }

    /// <summary>Least and greatest value of each map, as JSON: pairs, null where a map is not finite.</summary>
    public byte[] RangesToJson() => JsonSerializer.SerializeToUtf8Bytes(_ranges.Select(range => float.IsFinite(range.Least) && float.IsFinite(range.Greatest) ? (float[])[range.Least, range.Greatest] : null));

    // Of the pixels of a step each the one in the middle, since responses are few and a mean would hide them no less.
    private void Fill(ReadOnlySpan<float> values, Shape shape, int step)
    {
        int area = shape.Height * shape.Width;
        var (least, greatest) = (float.PositiveInfinity, float.NegativeInfinity);
        for (int map = 0; map < shape.Channels; map++)
        {
            var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
            foreach (float value in values.Slice(map * area, area))
            {
                if (!float.IsFinite(value))
                {
                    NotFiniteCount++;
                    continue;
                }

                (low, high) = (Math.Min(low, value), Math.Max(high, value));
            }

            (least, greatest) = (Math.Min(least, low), Math.Max(greatest, high));
            if (map < Shown)
                _ranges[map] = (low, high);
        }

        Range = least <= greatest ? (least, greatest) : (float.NaN, float.NaN);
        float scale = greatest > least ? Top / (greatest - least) : 0;
        int at = 0;
        for (int map = 0; map < Shown; map++)
        {
            for (int y = 0; y < Tile.Height; y++)
            {
                int row = (map * area) + (Math.Min((y * step) + (step / 2), shape.Height - 1) * shape.Width);
                for (int x = 0; x < Tile.Width; x++)
                {
                    float value = values[row + Math.Min((x * step) + (step / 2), shape.Width - 1)];
                    _levels[at++] = float.IsFinite(value) ? (byte)(((value - least) * scale) + 0.5f) : NotFinite;
                }
            }
        }
    }

    private (byte R, byte G, byte B)[] Palette()
    {
        var (least, greatest) = Range;
        var scale = new MapScale(least < 0 ? MapColors.AroundZero : MapColors.FromZero, least, greatest);
        var colors = new (byte, byte, byte)[256];
        for (int level = 0; level <= Top; level++)
        {
            var color = scale.ColorOf(least + ((greatest - least) * level / Top));
            colors[level] = ((byte)((color.R * 255) + 0.5f), (byte)((color.G * 255) + 0.5f), (byte)((color.B * 255) + 0.5f));
        }

        // No colour of either scale.
        colors[NotFinite] = (204, 121, 167);
        return colors;
    }
}
