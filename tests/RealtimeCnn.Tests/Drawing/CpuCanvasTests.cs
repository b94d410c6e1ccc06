using RealtimeCnn.Drawing;
using RealtimeCnn.Images;
using RealtimeCnn.Live;

namespace RealtimeCnn.Tests.Drawing;

/// <summary>The canvas in memory against the plain formulas, pixel by pixel: its rows are filled, blended and resampled by faster ways.</summary>
public sealed class CpuCanvasTests
{
    private const int Width = 61, Height = 37;
    private static readonly Color Under = Color.FromRgb(0x30A040), Over = Color.FromRgb(0xE06020);

    public static TheoryData<float, float, float, float, float, float, float, float> Boxes => new()
    {
        // x, y, width, height, radius, thickness, opacity, scale
        { 3, 2, 20, 10, 0, 0, 1, 1 },
        { 3.3f, 2.6f, 20.5f, 10.2f, 0, 0, 0.5f, 1 },
        { -4, -3, 30, 20, 6, 0, 1, 1 },
        { 40, 20, 40, 40, 9, 0, 0.25f, 1 },
        { 3, 2, 40, 30, 5, 2, 1, 1 },
        { 3.5f, 2.5f, 12, 30, 6, 1, 0.7f, 1.37f },
        { 5, 5, 8, 8, 4, 0, 1, 2.5f },
        { 5, 5, 3, 3, 0, 4, 1, 1 },
        { 10.2f, 10.2f, 0.4f, 12, 0, 0, 1, 1 },
        { 8, 4, 24, 24, 8, 8, 0.9f, 1 },
    };

    [Theory]
    [MemberData(nameof(Boxes))]
    public void Boxes_are_what_their_signed_distance_says(float x, float y, float width, float height, float radius, float thickness, float opacity, float scale)
    {
        var canvas = new CpuCanvas();
        canvas.Begin(Width, Height, Under, scale);
        var color = Over.WithOpacity(opacity);
        if (thickness > 0)
            canvas.Outline(new Area(x, y, width, height), color, thickness, radius);
        else
            canvas.Fill(new Area(x, y, width, height), color, radius);

        for (int row = 0; row < Height; row++)
        {
            for (int column = 0; column < Width; column++)
            {
                double px = (column + 0.5) / scale, py = (row + 0.5) / scale;
                bool isIn = px >= x && px < x + width && py >= y && py < y + height;
                double beyondX = Math.Abs(px - x - (width / 2)) - (width / 2) + radius, beyondY = Math.Abs(py - y - (height / 2)) - (height / 2) + radius;
                double distance = (Math.Sqrt(Math.Pow(Math.Max(beyondX, 0), 2) + Math.Pow(Math.Max(beyondY, 0), 2)) + Math.Min(Math.Max(beyondX, beyondY), 0) - radius) * scale;
                double coverage = !isIn ? 0 : Math.Clamp(0.5 - distance, 0, 1) * (thickness > 0 ? Math.Clamp(distance + (thickness * scale) + 0.5, 0, 1) : 1);
                Expect(canvas, column, row, coverage * opacity, Over);
            }
        }
    }

    [Fact]
    public void A_letter_covers_the_same_wherever_between_pixels_it_stands_to_a_sixteenth_of_a_pixel()
    {
        var font = OverlayFont.Instance;
        foreach (float height in (float[])[19, 24, 40.7f])
        {
            foreach (var (x, y) in ((float X, float Y)[])[(2, 3), (2.37f, 3.81f), (-4.2f, -3.3f), (50.9f, 20.1f)])
            {
                var canvas = new CpuCanvas();
                canvas.Begin(Width, Height, Color.Black);
                canvas.Text("R", x, y, height, Color.White);
                int cell = OverlayFont.CellOf('R'), left = cell % OverlayFont.Columns * OverlayFont.CellWidth, top = cell / OverlayFont.Columns * OverlayFont.CellHeight;
                double inked = 0;
                for (int row = 0; row < Height; row++)
                {
                    for (int column = 0; column < Width; column++)
                    {
                        float u = (column + 0.5f - x) * OverlayFont.CellHeight / height, v = (row + 0.5f - y) * OverlayFont.CellHeight / height;
                        bool isIn = u is >= 0 and < OverlayFont.CellWidth && v is >= 0 and < OverlayFont.CellHeight;
                        double coverage = isIn ? Math.Clamp((font.DistanceAt(left, top, u, v) * height / OverlayFont.CellHeight / OverlayFont.DistancePerTexel) + 0.5, 0, 1) : 0;
                        int drawn = canvas.Pixels[((row * Width) + column) * 4];
                        Assert.True(Math.Abs(drawn - (coverage * 255)) < 30, $"'R' of {height} at ({x}, {y}): pixel ({column}, {row}) is {drawn}, expected {coverage * 255:0}");
                        inked += coverage;
                    }
                }

                Assert.True(inked > 10);
            }
        }
    }

    [Theory]
    [InlineData(1, 3, 2)]
    [InlineData(3, 5, 4)]
    [InlineData(3, 1, 1)]
    public void Pictures_of_tensors_are_bilinear(int channels, int width, int height)
    {
        using var x = new Tensor(new Shape(1, channels, height, width));
        for (int i = 0; i < x.Span.Length; i++)
            x.Span[i] = (float)((i * 7 % 11 / 8.0) - 0.1);
        var canvas = new CpuCanvas();
        canvas.Begin(Width, Height, Under);
        var where = new Area(4.3f, -2.2f, 41.7f, 30.9f);
        canvas.Picture(x, where);
        for (int row = 0; row < Height; row++)
        {
            for (int column = 0; column < Width; column++)
            {
                double u = (column + 0.5 - where.X) / where.Width, v = (row + 0.5 - where.Y) / where.Height;
                if (u is < 0 or >= 1 || v is < 0 or >= 1)
                {
                    Expect(canvas, column, row, 0, Over);
                    continue;
                }

                for (int channel = 0; channel < 3; channel++)
                {
                    double expected = Math.Clamp(Bilinear(x, Math.Min(channel, channels - 1), u, v), 0, 1) * 255;
                    Assert.InRange(canvas.Pixels[(((row * Width) + column) * 4) + channel], expected - 1, expected + 1);
                }
            }
        }
    }

    [Fact]
    public void Maps_are_bilinear_between_their_least_and_greatest_value()
    {
        using var x = new Tensor(new Shape(1, 2, 3, 4));
        for (int i = 0; i < x.Span.Length; i++)
            x.Span[i] = i < 12 ? i * i : 5;
        var canvas = new CpuCanvas();
        canvas.Begin(Width, Height, Under);
        canvas.FeatureMaps(x, new Area(2, 3, 50, 20), columns: 2, rows: 1, gap: 2);
        for (int row = 3; row < 23; row++)
        {
            for (int column = 2; column < 26; column++)
            {
                double value = Bilinear(x, 0, (column + 0.5 - 2) / 24, (row + 0.5 - 3) / 20) / 121;
                var expected = HeatColors.Of((float)Math.Sqrt(value));
                int at = ((row * Width) + column) * 4;
                Assert.InRange(canvas.Pixels[at], (expected.R * 255) - 2, (expected.R * 255) + 2);
                Assert.InRange(canvas.Pixels[at + 2], (expected.B * 255) - 2, (expected.B * 255) + 2);
            }

            // A map of one value is dark; between the maps there is what was there.
            Assert.Equal((5, 7, 18), (canvas.Pixels[((row * Width) + 40) * 4], canvas.Pixels[(((row * Width) + 40) * 4) + 1], canvas.Pixels[(((row * Width) + 40) * 4) + 2]));
            Expect(canvas, 26, row, 0, Over);
        }
    }

    [Theory]
    [InlineData(Rotation.None, false, false, 0)]
    [InlineData(Rotation.Clockwise90, false, false, 2)]
    [InlineData(Rotation.Clockwise270, true, false, 3)]
    [InlineData(Rotation.None, false, true, 1)]
    [InlineData(Rotation.Clockwise180, true, true, 3)]
    public void A_picture_in_memory_is_drawn_upright_or_as_in_a_mirror_and_again_when_it_changes(Rotation rotation, bool isMirrored, bool inMirror, int storedAtTopLeft)
    {
        // Four quarters: red, green above blue, white.
        (int, int, int)[] quarters = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)];
        const int Side = 8;
        var format = new FrameFormat(Side, Side, PixelFormat.Rgb);
        using var pool = new FramePool(1);
        var picture = new PixelPicture();
        foreach (int turn in (int[])[0, 1])
        {
            var buffer = pool.TryRent(format.Bytes)!;
            for (int i = 0; i < Side * Side; i++)
            {
                var (r, g, b) = quarters[((i / Side / 4 * 2) + (i % Side / 4) + turn) % 4];
                (buffer.Bytes[i * 3], buffer.Bytes[(i * 3) + 1], buffer.Bytes[(i * 3) + 2]) = ((byte)r, (byte)g, (byte)b);
            }

            using (var frame = new Frame(buffer, format, default, turn, new FrameGeometry(rotation, isMirrored)))
                picture.CopyFrom(frame);
            var canvas = new CpuCanvas();
            canvas.Begin(Width, Height, Color.Black);
            // Partly beyond the canvas.
            picture.Draw(canvas, new Area(-8, 2, 32, 32), inMirror);
            int at = ((6 * Width) + 1) * 4;
            Assert.Equal(quarters[(storedAtTopLeft + turn) % 4], (canvas.Pixels[at], canvas.Pixels[at + 1], canvas.Pixels[at + 2]));
            Assert.Equal(0, canvas.Pixels[((6 * Width) + 30) * 4]);
        }
    }

    private static double Bilinear(Tensor x, int channel, double u, double v)
    {
        double px = (u * x.Shape.Width) - 0.5, py = (v * x.Shape.Height) - 0.5;
        int left = (int)Math.Floor(px), top = (int)Math.Floor(py);
        double partX = px - left, partY = py - top;
        return ((At(left, top) * (1 - partX)) + (At(left + 1, top) * partX)) * (1 - partY) + (((At(left, top + 1) * (1 - partX)) + (At(left + 1, top + 1) * partX)) * partY);

        double At(int column, int row) => x[0, channel, Math.Clamp(row, 0, x.Shape.Height - 1), Math.Clamp(column, 0, x.Shape.Width - 1)];
    }

    private static void Expect(CpuCanvas canvas, int column, int row, double opacity, Color over)
    {
        int at = ((row * Width) + column) * 4;
        (double Under, double Over)[] parts = [(Under.R, over.R), (Under.G, over.G), (Under.B, over.B)];
        for (int channel = 0; channel < 3; channel++)
        {
            double expected = ((parts[channel].Under * (1 - opacity)) + (parts[channel].Over * opacity)) * 255;
            Assert.True(Math.Abs(canvas.Pixels[at + channel] - expected) <= 1.01, $"pixel ({column}, {row}), channel {channel}: {canvas.Pixels[at + channel]}, expected {expected:0.0}");
        }
    }
}
