using System.Numerics;
using System.Runtime.InteropServices;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;

namespace RealtimeCnn.Drawing;

/// <summary>
/// A <see cref="Canvas"/> in ordinary memory: what machines without compute shaders show, and what the GPU's canvas is
/// compared with. Also draws tensors as pictures and as feature maps.
/// </summary>
public sealed class CpuCanvas : Canvas
{
    private readonly GlyphCache _glyphs = new();
    private readonly SmoothRows _smooth = new();
    private uint[] _pixels = [];
    private float[] _row = [];
    private int _pixelWidth, _pixelHeight;
    private PixelBounds _clip;
    private float _scale = 1;

    /// <inheritdoc/>
    public override float Width => _pixelWidth / _scale;

    /// <inheritdoc/>
    public override float Height => _pixelHeight / _scale;

    /// <summary>The picture: rows from the top, <see cref="PixelFormat.Rgba"/>. Valid until the next <see cref="Begin"/> of another size.</summary>
    public ReadOnlySpan<byte> Pixels => MemoryMarshal.AsBytes(_pixels.AsSpan(0, _pixelWidth * _pixelHeight));

    /// <summary>Size and layout of <see cref="Pixels"/>.</summary>
    public FrameFormat Format => new(_pixelWidth, _pixelHeight, PixelFormat.Rgba);

    /// <summary>Draws what a canvas cannot.</summary>
    internal MaskPainter Masks { get; } = new();

    /// <summary><see cref="Pixels"/>, for who draws more than a canvas can.</summary>
    internal Span<byte> Bytes => MemoryMarshal.AsBytes(_pixels.AsSpan(0, _pixelWidth * _pixelHeight));

    /// <summary>The pixels that may be drawn on.</summary>
    internal PixelBounds Drawable => _clip;

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
        if (_pixels.Length < width * height)
            _pixels = new uint[width * height];
        _pixels.AsSpan(0, width * height).Fill(PixelRows.Pixel(background));
        Clip(null);
    }

    /// <inheritdoc/>
    public override void Clip(Area? where)
    {
        var whole = new PixelBounds(0, 0, _pixelWidth, _pixelHeight);
        _clip = where is { } area ? PixelBounds.Of(area, _scale, whole) : whole;
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
                PixelRows.Blend(ref _pixels[(y * _pixelWidth) + x], color, color.A * Math.Clamp(((radius - MathF.Sqrt((sideX * sideX) + (sideY * sideY))) * _scale) + 0.5f, 0, 1));
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
                    PixelRows.Blend(ref _pixels[(row * _pixelWidth) + column], color, color.A * glyph.Coverage[i] / 255f);
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
        var on = OnPixels(where);
        int count = on.Right - on.Left, most = Math.Min(shape.Channels, 3);
        if (count <= 0 || on.Bottom <= on.Top)
            return;
        Prepare(on, shape.Width, count);
        var values = Row((3 * count) + 1);
        for (int y = on.Top; y < on.Bottom; y++)
        {
            float place = on.Place(0, y).V;
            for (int channel = 0; channel < 3; channel++)
            {
                int read = most < 3 ? 0 : channel;
                _smooth.Read(tensor.Span.Slice(read * shape.Area, shape.Area), place, values.Slice(channel, (3 * count) - channel), stride: 3);
            }

            if (head != null)
            {
                foreach (ref float value in values)
                    value = (value - black) * factor;
            }

            PixelRows.Store(values, Run(y, on.Left, on.Right));
        }
    }

    /// <summary>Draws channels of a tensor <c>[1, C, H, W]</c> as a grid of feature maps, each over its own range.</summary>
    /// <param name="tensor">The value.</param>
    /// <param name="where">The whole grid.</param>
    /// <param name="columns">Maps in a row.</param>
    /// <param name="rows">Maps in a column.</param>
    /// <param name="gap">Units between maps.</param>
    /// <param name="firstChannel">The first one shown.</param>
    /// <param name="colors">How values become colours.</param>
    public void FeatureMaps(Tensor tensor, Area where, int columns, int rows, float gap = 2, int firstChannel = 0, MapColors colors = MapColors.Stretched)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var shape = tensor.Shape;
        float stepX = (where.Width + gap) / columns, stepY = (where.Height + gap) / rows;
        bool shares = MapScale.SharesRange(colors, shape);
        var all = shares ? RangeOf(tensor.Span) : default;
        for (int i = 0; i < columns * rows && firstChannel + i < shape.Channels; i++)
        {
            var on = OnPixels(new Area(where.X + (i % columns * stepX), where.Y + (i / columns * stepY), stepX - gap, stepY - gap));
            int count = on.Right - on.Left;
            if (count <= 0 || on.Bottom <= on.Top)
                continue;
            var map = tensor.Span.Slice((firstChannel + i) * shape.Area, shape.Area);
            var (least, greatest) = shares ? all : RangeOf(map);
            var scale = new MapScale(colors, least, greatest);
            Prepare(on, shape.Width, count);
            var values = Row(count);
            for (int y = on.Top; y < on.Bottom; y++)
            {
                var run = Run(y, on.Left, on.Right);
                if (scale.IsBroken)
                {
                    float down = on.Place(0, y).V * (stepY - gap);
                    for (int x = 0; x < run.Length; x++)
                        run[x] = MapScale.BrokenPixel((on.Place(on.Left + x, 0).U * (stepX - gap)) + down);
                    continue;
                }

                _smooth.Read(map, on.Place(0, y).V, values);
                scale.Paint(values, run);
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

    /// <summary>The pixels that a rectangle covers, whether they are on the canvas or not.</summary>
    internal (int Left, int Top, int Width, int Height) PixelsOf(Area where)
    {
        int left = PixelBounds.First(where.X * _scale), top = PixelBounds.First(where.Y * _scale);
        return (left, top, PixelBounds.First(where.Right * _scale) - left, PixelBounds.First(where.Bottom * _scale) - top);
    }

    /// <summary>Copies a picture that has the very size it is drawn at.</summary>
    /// <param name="picture">Rows from the top, a word a pixel.</param>
    /// <param name="left">Pixel of the canvas that the first one comes to; what is beyond the canvas is left out.</param>
    /// <param name="top">The same, downwards.</param>
    /// <param name="width">Pixels in a row of the picture.</param>
    internal void Copy(ReadOnlySpan<uint> picture, int left, int top, int width)
    {
        int from = Math.Max(left, _clip.Left), to = Math.Min(left + width, _clip.Right);
        if (to <= from)
            return;
        for (int y = Math.Max(top, _clip.Top); y < Math.Min(top + (picture.Length / width), _clip.Bottom); y++)
            picture.Slice(((y - top) * width) + from - left, to - from).CopyTo(Run(y, from, to));
    }

    private protected override void Glyph(int cell, Area where, Color color)
    {
        const int Phases = GlyphCache.Phases;
        int eighthsX = (int)MathF.Round(where.X * _scale * Phases), eighthsY = (int)MathF.Round(where.Y * _scale * Phases);
        var (left, phaseX) = Math.DivRem(eighthsX, Phases);
        var (top, phaseY) = Math.DivRem(eighthsY, Phases);
        // Beyond the upper or left edge of the canvas.
        if (phaseX < 0)
            (left, phaseX) = (left - 1, phaseX + Phases);
        if (phaseY < 0)
            (top, phaseY) = (top - 1, phaseY + Phases);
        var bitmap = _glyphs.Get(cell, where.Height * _scale, phaseX, phaseY);
        int from = Math.Max(left, _clip.Left), to = Math.Min(left + bitmap.Width, _clip.Right), rows = bitmap.Coverage.Length / bitmap.Width;
        if (to <= from)
            return;
        for (int y = Math.Max(top, _clip.Top); y < Math.Min(top + rows, _clip.Bottom); y++)
            PixelRows.Blend(Run(y, from, to), bitmap.Coverage.AsSpan(((y - top) * bitmap.Width) + from - left, to - from), color);
    }

    // Signed distance to a box with rounded corners; a border is the ring of its thickness inside. In each row, all pixels far enough
    // from the left and right edges are covered alike.
    private void Box(Area where, Color color, float radius, float thickness)
    {
        var on = OnPixels(where);
        if (on.Right <= on.Left)
            return;
        float left = where.X * _scale, right = where.Right * _scale, top = where.Y * _scale, bottom = where.Bottom * _scale;
        float corner = radius * _scale, ring = thickness > 0 ? thickness * _scale : float.PositiveInfinity;
        float edge = Math.Max(corner, thickness > 0 ? ring + 0.5f : 0.5f);
        int inner = Math.Clamp((int)MathF.Ceiling(left + edge - 0.5f), on.Left, on.Right), outer = Math.Clamp((int)MathF.Floor(right - edge + 0.5f), inner, on.Right);
        for (int y = on.Top; y < on.Bottom; y++)
        {
            float insideY = Math.Min(y + 0.5f - top, bottom - y - 0.5f);
            Sides(y, on.Left, inner, insideY);
            PixelRows.Blend(Run(y, inner, outer), color, color.A * Coverage(-insideY));
            Sides(y, outer, on.Right, insideY);
        }

        void Sides(int y, int from, int to, float insideY)
        {
            var run = Run(y, from, to);
            for (int i = 0; i < run.Length; i++)
            {
                float insideX = Math.Min(from + i + 0.5f - left, right - from - i - 0.5f), beyondX = corner - insideX, beyondY = corner - insideY;
                float outsideX = Math.Max(beyondX, 0), outsideY = Math.Max(beyondY, 0);
                float distance = MathF.Sqrt((outsideX * outsideX) + (outsideY * outsideY)) + Math.Min(Math.Max(beyondX, beyondY), 0) - corner;
                PixelRows.Blend(ref run[i], color, color.A * Coverage(distance));
            }
        }

        float Coverage(float distance) => Math.Clamp(0.5f - distance, 0, 1) * Math.Clamp(distance + ring + 0.5f, 0, 1);
    }

    // A NaN is both; the vectors' minimum and maximum keep it.
    private static (float Least, float Greatest) RangeOf(ReadOnlySpan<float> map)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(map);
        Vector<float> low = new(float.PositiveInfinity), high = new(float.NegativeInfinity);
        foreach (var values in vectors)
            (low, high) = (Vector.Min(low, values), Vector.Max(high, values));
        float least = float.PositiveInfinity, greatest = float.NegativeInfinity;
        for (int lane = 0; lane < Vector<float>.Count; lane++)
            (least, greatest) = (Math.Min(least, low[lane]), Math.Max(greatest, high[lane]));
        foreach (float value in map[(vectors.Length * Vector<float>.Count)..])
            (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
        return (least, greatest);
    }

    private void Prepare(PixelArea on, int width, int count)
    {
        float start = on.Place(on.Left, 0).U;
        _smooth.Prepare(width, count, start, on.Place(on.Left + 1, 0).U - start);
    }

    private Span<float> Row(int count)
    {
        if (_row.Length < count)
            _row = new float[count];
        return _row.AsSpan(0, count);
    }

    private Span<uint> Run(int y, int from, int to) => _pixels.AsSpan((y * _pixelWidth) + from, Math.Max(to - from, 0));

    private PixelArea OnPixels(Area where) => new(where, _scale, _clip);

    /// <summary>The pixels whose centres lie in a rectangle, and where in it they lie.</summary>
    private readonly struct PixelArea
    {
        private readonly float _x, _y, _width, _height;

        private readonly PixelBounds _on;

        public PixelArea(Area where, float scale, PixelBounds clip)
        {
            (_x, _y, _width, _height) = (where.X * scale, where.Y * scale, where.Width * scale, where.Height * scale);
            _on = PixelBounds.Of(where, scale, clip);
        }

        public int Left => _on.Left;

        public int Top => _on.Top;

        public int Right => _on.Right;

        public int Bottom => _on.Bottom;

        public (float U, float V) Place(int x, int y) => ((x + 0.5f - _x) / _width, (y + 0.5f - _y) / _height);
    }
}
