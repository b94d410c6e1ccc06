using RealtimeCnn.Heads;
using RealtimeCnn.Images;

namespace RealtimeCnn.Drawing;

/// <summary>
/// A <see cref="Canvas"/> in ordinary memory: what machines without compute shaders show, and what the GPU's canvas is
/// compared with. Also draws tensors as pictures and as feature maps.
/// </summary>
public sealed class CpuCanvas : Canvas
{
    private byte[] _pixels = [];
    private int _pixelWidth, _pixelHeight;
    private float _scale = 1;

    /// <inheritdoc/>
    public override float Width => _pixelWidth / _scale;

    /// <inheritdoc/>
    public override float Height => _pixelHeight / _scale;

    /// <summary>The picture: rows from the top, <see cref="PixelFormat.Rgba"/>. Valid until the next <see cref="Begin"/> of another size.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels.AsSpan(0, Format.Bytes);

    /// <summary>Size and layout of <see cref="Pixels"/>.</summary>
    public FrameFormat Format => new(_pixelWidth, _pixelHeight, PixelFormat.Rgba);

    /// <summary>Draws what a canvas cannot.</summary>
    internal MaskPainter Masks { get; } = new();

    /// <summary><see cref="Pixels"/>, for who draws more than a canvas can.</summary>
    internal Span<byte> Bytes => _pixels.AsSpan(0, Format.Bytes);

    /// <summary>Pixels for each unit of the canvas.</summary>
    internal float Scale => _scale;

    /// <summary>Starts a picture.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="background">Fills it.</param>
    /// <param name="scale">Pixels for each unit of the canvas.</param>
    public void Begin(int width, int height, Color background, float scale = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        (_pixelWidth, _pixelHeight, _scale) = (width, height, scale);
        if (_pixels.Length < Format.Bytes)
            _pixels = new byte[Format.Bytes];
        for (int i = 0; i < width * height; i++)
            Store(i * 4, background);
    }

    /// <inheritdoc/>
    public override void Fill(Area where, Color color, float radius = 0) => Box(where, color, radius, 0);

    /// <inheritdoc/>
    public override void Outline(Area where, Color color, float thickness, float radius = 0) => Box(where, color, radius, thickness);

    /// <inheritdoc/>
    public override void Line(float fromX, float fromY, float toX, float toY, Color color, float thickness = 1.5f)
    {
        float radius = thickness / 2, dx = toX - fromX, dy = toY - fromY, square = Math.Max((dx * dx) + (dy * dy), 1e-12f);
        // A pixel's width around, so that the edges are smooth.
        float reach = radius + (1 / _scale);
        var around = new Area(Math.Min(fromX, toX) - reach, Math.Min(fromY, toY) - reach, Math.Abs(dx) + (2 * reach), Math.Abs(dy) + (2 * reach));
        var on = OnPixels(around);
        for (int y = on.Top; y < on.Bottom; y++)
        {
            for (int x = on.Left; x < on.Right; x++)
            {
                var (u, v) = on.Place(x, y);
                float px = around.X + (u * around.Width) - fromX, py = around.Y + (v * around.Height) - fromY, along = Math.Clamp(((px * dx) + (py * dy)) / square, 0, 1);
                float sideX = px - (along * dx), sideY = py - (along * dy);
                Blend(x, y, color, ((radius - MathF.Sqrt((sideX * sideX) + (sideY * sideY))) * _scale) + 0.5f);
            }
        }
    }

    /// <summary>Writes one line of text in a proportional face, whose size is in pixels whatever the canvas's scale.</summary>
    /// <param name="text">One line.</param>
    /// <param name="x">Where <paramref name="anchor"/> lies.</param>
    /// <param name="y">Top edge of the line.</param>
    /// <param name="face">The letters.</param>
    /// <param name="color">Blended over what is there.</param>
    /// <param name="anchor">Which point of the text is given.</param>
    /// <exception cref="ArgumentException">A letter was not baked.</exception>
    public void Text(string text, float x, float y, Typeface face, Color color, TextAnchor anchor = TextAnchor.Left)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(face);
        float pen = (x * _scale) - (anchor == TextAnchor.Left ? 0 : anchor == TextAnchor.Center ? face.Width(text) / 2f : face.Width(text));
        int line = (int)MathF.Round(y * _scale);
        foreach (char letter in text)
        {
            var glyph = face[letter];
            int left = (int)MathF.Round(pen) + glyph.Left, top = line + glyph.Top;
            for (int i = 0; i < glyph.Coverage.Length; i++)
            {
                int column = left + (i % glyph.Width), row = top + (i / glyph.Width);
                if ((uint)column < (uint)_pixelWidth && (uint)row < (uint)_pixelHeight)
                    Blend(column, row, color, glyph.Coverage[i] / 255f);
            }

            pen += glyph.Advance;
        }
    }

    /// <summary>Draws a tensor <c>[1, C, H, W]</c> of one channel (gray) or three (red, green, blue), clamped between black and white, stretched to a rectangle.</summary>
    /// <param name="tensor">The value.</param>
    /// <param name="where">The rectangle.</param>
    /// <param name="head">Which numbers are black and white; null for 0 and 1.</param>
    public void Picture(Tensor tensor, Area where, PictureHead? head = null)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        float black = head?.Black ?? 0, factor = head?.Factor ?? 1;
        var shape = tensor.Shape;
        ReadOnlySpan<float> span = tensor.Span;
        var on = OnPixels(where);
        for (int y = on.Top; y < on.Bottom; y++)
        {
            for (int x = on.Left; x < on.Right; x++)
            {
                var (u, v) = on.Place(x, y);
                float r = (Smooth(span[..shape.Area], shape, u, v) - black) * factor;
                Store(((y * _pixelWidth) + x) * 4, shape.Channels < 3
                    ? new Color(r, r, r)
                    : new Color(r, (Smooth(span.Slice(shape.Area, shape.Area), shape, u, v) - black) * factor, (Smooth(span.Slice(2 * shape.Area, shape.Area), shape, u, v) - black) * factor));
            }
        }
    }

    /// <summary>Draws channels of a tensor <c>[1, C, H, W]</c> as a grid of feature maps, each stretched from its least to its greatest value.</summary>
    /// <param name="tensor">The value.</param>
    /// <param name="where">The whole grid.</param>
    /// <param name="columns">Maps in a row.</param>
    /// <param name="rows">Maps in a column.</param>
    /// <param name="gap">Units between maps.</param>
    /// <param name="firstChannel">The first one shown.</param>
    public void FeatureMaps(Tensor tensor, Area where, int columns, int rows, float gap = 2, int firstChannel = 0)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var shape = tensor.Shape;
        float stepX = (where.Width + gap) / columns, stepY = (where.Height + gap) / rows;
        for (int i = 0; i < columns * rows && firstChannel + i < shape.Channels; i++)
        {
            var map = tensor.Span.Slice((firstChannel + i) * shape.Area, shape.Area);
            var (low, high) = RangeOf(map);
            float factor = high > low ? 1 / (high - low) : 0;
            var on = OnPixels(new Area(where.X + (i % columns * stepX), where.Y + (i / columns * stepY), stepX - gap, stepY - gap));
            for (int y = on.Top; y < on.Bottom; y++)
            {
                for (int x = on.Left; x < on.Right; x++)
                {
                    var (u, v) = on.Place(x, y);
                    Store(((y * _pixelWidth) + x) * 4, HeatColors.Of(MathF.Sqrt(Math.Max((Smooth(map, shape, u, v) - low) * factor, 0))));
                }
            }
        }
    }

    /// <summary>Draws each class of a segmentation but the background in its colour (<see cref="ClassColors"/>), at the canvas's own pixels.</summary>
    /// <param name="scores">The network's output, <c>[1, K, H, W]</c>.</param>
    /// <param name="where">Where the whole upright picture lies.</param>
    /// <param name="mapping">Where the places of the network's input lie in the picture.</param>
    /// <param name="head">What the scores mean.</param>
    /// <param name="opacity">Of the colours, in [0, 1].</param>
    /// <exception cref="ArgumentException">The output is none of segmentation.</exception>
    public void Mask(Tensor scores, Area where, PictureMapping mapping, SegmentationHead head, float opacity = 0.5f)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(head);
        Masks.Mask(this, scores, where, mapping, head, opacity);
    }

    private protected override void Glyph(int cell, Area where, Color color)
    {
        var font = OverlayFont.Instance;
        var on = OnPixels(where);
        float texelsToPixels = where.Height * _scale / OverlayFont.CellHeight / OverlayFont.DistancePerTexel;
        int left = cell % OverlayFont.Columns * OverlayFont.CellWidth, top = cell / OverlayFont.Columns * OverlayFont.CellHeight;
        for (int y = on.Top; y < on.Bottom; y++)
        {
            for (int x = on.Left; x < on.Right; x++)
            {
                var (u, v) = on.Place(x, y);
                float distance = font.DistanceAt(left, top, u * OverlayFont.CellWidth, v * OverlayFont.CellHeight);
                Blend(x, y, color, (distance * texelsToPixels) + 0.5f);
            }
        }
    }

    // Signed distance to a box with rounded corners; a border is the ring of its thickness inside.
    private void Box(Area where, Color color, float radius, float thickness)
    {
        var on = OnPixels(where);
        for (int y = on.Top; y < on.Bottom; y++)
        {
            for (int x = on.Left; x < on.Right; x++)
            {
                var (u, v) = on.Place(x, y);
                float beyondX = (Math.Abs(u - 0.5f) * where.Width) - (where.Width / 2) + radius;
                float beyondY = (Math.Abs(v - 0.5f) * where.Height) - (where.Height / 2) + radius;
                float outsideX = Math.Max(beyondX, 0), outsideY = Math.Max(beyondY, 0);
                float distance = (MathF.Sqrt((outsideX * outsideX) + (outsideY * outsideY)) + Math.Min(Math.Max(beyondX, beyondY), 0) - radius) * _scale;
                float coverage = Math.Clamp(0.5f - distance, 0, 1);
                Blend(x, y, color, thickness > 0 ? coverage * Math.Clamp(distance + (thickness * _scale) + 0.5f, 0, 1) : coverage);
            }
        }
    }

    private static (float Low, float High) RangeOf(ReadOnlySpan<float> map)
    {
        float low = float.PositiveInfinity, high = float.NegativeInfinity;
        foreach (float value in map)
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        return (low, high);
    }

    private static float Smooth(ReadOnlySpan<float> map, Shape shape, float u, float v)
    {
        float x = (u * shape.Width) - 0.5f, y = (v * shape.Height) - 0.5f;
        int left = (int)MathF.Floor(x), top = (int)MathF.Floor(y);
        float partX = x - left, partY = y - top;
        int x0 = Math.Clamp(left, 0, shape.Width - 1), x1 = Math.Clamp(left + 1, 0, shape.Width - 1);
        int above = Math.Clamp(top, 0, shape.Height - 1) * shape.Width, below = Math.Clamp(top + 1, 0, shape.Height - 1) * shape.Width;
        float upper = map[above + x0] + ((map[above + x1] - map[above + x0]) * partX);
        float lower = map[below + x0] + ((map[below + x1] - map[below + x0]) * partX);
        return upper + ((lower - upper) * partY);
    }

    private void Blend(int x, int y, Color color, float coverage)
    {
        float opacity = color.A * Math.Clamp(coverage, 0, 1);
        if (opacity <= 0)
            return;
        int at = ((y * _pixelWidth) + x) * 4;
        _pixels[at] = Mix(_pixels[at], color.R, opacity);
        _pixels[at + 1] = Mix(_pixels[at + 1], color.G, opacity);
        _pixels[at + 2] = Mix(_pixels[at + 2], color.B, opacity);

        static byte Mix(byte under, float over, float opacity) => (byte)((under * (1 - opacity)) + (over * 255 * opacity) + 0.5f);
    }

    private void Store(int at, Color color)
    {
        _pixels[at] = (byte)((Math.Clamp(color.R, 0, 1) * 255) + 0.5f);
        _pixels[at + 1] = (byte)((Math.Clamp(color.G, 0, 1) * 255) + 0.5f);
        _pixels[at + 2] = (byte)((Math.Clamp(color.B, 0, 1) * 255) + 0.5f);
        _pixels[at + 3] = 255;
    }

    private PixelArea OnPixels(Area where) => new(where, _scale, _pixelWidth, _pixelHeight);

    /// <summary>The pixels whose centres lie in a rectangle, and where in it they lie.</summary>
    private readonly struct PixelArea
    {
        private readonly float _x, _y, _width, _height;

        public PixelArea(Area where, float scale, int width, int height)
        {
            (_x, _y, _width, _height) = (where.X * scale, where.Y * scale, where.Width * scale, where.Height * scale);
            (Left, Right) = (First(_x, width), First(_x + _width, width));
            (Top, Bottom) = (First(_y, height), First(_y + _height, height));

            static int First(float edge, int count) => Math.Clamp((int)MathF.Ceiling(edge - 0.5f), 0, count);
        }

        public int Left { get; }

        public int Top { get; }

        public int Right { get; }

        public int Bottom { get; }

        public (float U, float V) Place(int x, int y) => ((x + 0.5f - _x) / _width, (y + 0.5f - _y) / _height);
    }
}
