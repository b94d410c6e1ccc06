using RealtimeCnn.Drawing;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Drawing;

/// <summary>Maps with one zero, and drawing inside a rectangle: what is drawn, and the same on both canvases.</summary>
[Collection(GlTests.Name)]
public sealed class MapColorTests(GlFixture gl)
{
    private const int Width = 64, Height = 40;
    private static readonly (int R, int G, int B) Dark = (19, 22, 27), Amber = (255, 246, 204), Blue = (212, 237, 255);

    [Fact]
    public void Around_zero_is_dark_at_zero_amber_above_and_blue_below_on_one_scale()
    {
        // Three maps of one row.
        using var x = new Tensor(new Shape(1, 3, 1, 5), [-4, 0, 0, 0, 4, -1, 0, 0, 0, 4, 0, 0, 0, 0, 0]);
        var at = OnCpu(canvas => canvas.FeatureMaps(x, new Area(0, 0, 60, 30), 1, 3, 0, colors: MapColors.AroundZero));
        Assert.Equal((Blue, Dark, Amber), (at(4, 5), at(30, 5), at(56, 5)));
        var weak = at(4, 15);
        Assert.True(weak.B > weak.R && weak.B < 200, $"{weak} is no weak blue");
        Assert.Equal((Dark, Amber), (at(30, 15), at(56, 15)));
        Assert.Equal(Dark, at(10, 25));
        Same(x, MapColors.AroundZero, columns: 1, rows: 3);
    }

    [Fact]
    public void From_zero_begins_at_zero_whatever_the_least_value()
    {
        using var x = new Tensor(new Shape(1, 2, 1, 2), [9, 10, 0, 10]);
        var at = OnCpu(canvas => canvas.FeatureMaps(x, new Area(0, 0, 60, 30), 1, 2, 0, colors: MapColors.FromZero));
        Assert.True(at(4, 5).R > 200);
        Assert.Equal((5, 7, 18), at(4, 25));
        Same(x, MapColors.FromZero, columns: 1, rows: 2);
    }

    [Theory]
    [InlineData(float.NaN, 0)]
    [InlineData(float.NaN, 36)]
    [InlineData(float.PositiveInfinity, 20)]
    [InlineData(float.NegativeInfinity, 5)]
    public void A_map_that_is_not_finite_is_striped_and_its_neighbours_are_not(float broken, int at)
    {
        using var x = Noise.Of(new Shape(1, 5, 5, 8), 3);
        x.Span[(2 * 40) + at] = broken;
        foreach (var colors in (MapColors[])[MapColors.AroundZero, MapColors.FromZero])
        {
            var pixel = OnCpu(canvas => canvas.FeatureMaps(x, new Area(0, 0, 60, 24), 3, 2, 2, colors: colors));
            // The third map lies from 41 1/3 on.
            int striped = Enumerable.Range(44, 14).Count(column => pixel(column, 5) == (235, 51, 204));
            Assert.InRange(striped, 5, 9);
            Assert.DoesNotContain((235, 51, 204), Enumerable.Range(0, 39).Select(column => pixel(column, 5)));
            Same(x, colors, columns: 3, rows: 2);
        }
    }

    [Fact]
    public void Numbers_without_places_share_their_range()
    {
        using var x = new Tensor(new Shape(1, 6, 1, 1), [-1, 4, 0, 2, -4, 1]);
        var at = OnCpu(canvas => canvas.FeatureMaps(x, new Area(0, 0, 60, 20), 6, 1, 0, colors: MapColors.AroundZero));
        Assert.Equal((Amber, Dark, Blue), (at(15, 10), at(25, 10), at(45, 10)));
        Assert.NotEqual(Blue, at(5, 10));
        Same(x, MapColors.AroundZero, columns: 6, rows: 1);
        using var above = new Tensor(new Shape(1, 5, 1, 1), [1, 4, 0, 2, 3]);
        Same(above, MapColors.FromZero, columns: 5, rows: 1);
    }

    [Fact]
    public void Clipped_drawing_stays_inside_and_ends_with_the_clip()
    {
        using var x = Noise.Of(new Shape(1, 4, 6, 6), 9);
        var clip = new Area(10, 8, 30, 20);
        void Draw(Canvas canvas, Action maps)
        {
            canvas.Clip(clip);
            canvas.Fill(canvas.Bounds, Color.White);
            canvas.Outline(new Area(5, 5, 40, 30), new Color(1, 0, 0), 5);
            maps();
            canvas.Text("clip", 2, 10, 24, new Color(0.5f, 0.2f, 0.9f));
            canvas.Line(0, 0, 64, 40, new Color(0, 1, 0), 3);
            canvas.Clip(null);
            canvas.Fill(new Area(60, 36, 4, 4), new Color(0, 0, 1));
        }

        var cpu = OnCpu(canvas => Draw(canvas, () => canvas.FeatureMaps(x, new Area(20, -10, 60, 60), 2, 2)));
        var gpu = OnGpu(x, (canvas, tensor) => Draw(canvas, () => canvas.FeatureMaps(tensor, new Area(20, -10, 60, 60), 2, 2)));
        for (int row = 0; row < Height; row++)
        {
            for (int column = 0; column < Width; column++)
            {
                if (!clip.Contains(column + 0.5f, row + 0.5f))
                    Assert.Equal(column >= 60 && row >= 36 ? (0, 0, 255) : (0, 0, 0), cpu(column, row));
                else
                    Assert.NotEqual((0, 0, 0), cpu(column, row));
            }
        }

        AssertSame(cpu, gpu, 0.03);
    }

    private void Same(Tensor x, MapColors colors, int columns, int rows) => AssertSame(
        OnCpu(canvas => canvas.FeatureMaps(x, new Area(1, 2, 60, 30), columns, rows, 2, colors: colors)),
        OnGpu(x, (canvas, tensor) => canvas.FeatureMaps(tensor, new Area(1, 2, 60, 30), columns, rows, 2, colors: colors)), 0.02);

    // Edges of maps and stripes may fall on either side of a pixel's middle.
    private static void AssertSame(Func<int, int, (int R, int G, int B)> cpu, Func<int, int, (int R, int G, int B)> gpu, double share)
    {
        int different = 0;
        for (int i = 0; i < Width * Height; i++)
        {
            var (a, b) = (cpu(i % Width, i / Width), gpu(i % Width, i / Width));
            different += Math.Max(Math.Abs(a.R - b.R), Math.Max(Math.Abs(a.G - b.G), Math.Abs(a.B - b.B))) > 6 ? 1 : 0;
        }

        Assert.True(different <= share * Width * Height, $"{different} of {Width * Height} pixels differ");
    }

    private static Func<int, int, (int R, int G, int B)> OnCpu(Action<CpuCanvas> draw)
    {
        var canvas = new CpuCanvas();
        canvas.Begin(Width, Height, Color.Black);
        draw(canvas);
        return PixelsOf(canvas.Pixels.ToArray());
    }

    private Func<int, int, (int R, int G, int B)> OnGpu(Tensor x, Action<GpuCanvas, GpuTensor> draw) => gl.Run(device =>
    {
        using var buffer = GpuBuffer.Create<float>(device, GpuCanvasTests.Blocked(x), "test tensor");
        using var view = new GpuBufferView(buffer, 0, buffer.Bytes);
        using var tensor = new GpuTensor(device, view, x.Shape);
        using var target = new OffscreenTarget(device, Width, Height);
        using var canvas = new GpuCanvas(device);
        canvas.Begin(target.Framebuffer, Width, Height, Color.Black);
        draw(canvas, tensor);
        canvas.End();
        return PixelsOf(target.Read().Pixels);
    });

    private static Func<int, int, (int R, int G, int B)> PixelsOf(byte[] rgba) => (x, y) =>
    {
        int at = ((y * Width) + x) * 4;
        return (rgba[at], rgba[at + 1], rgba[at + 2]);
    };
}
