using RealtimeCnn.Drawing;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Drawing;

[Collection(GlTests.Name)]
public class GpuCanvasTests(GlFixture gl)
{
    private static readonly Color Red = new(1, 0, 0), Blue = new(0, 0, 1);

    [Fact]
    public void Boxes_land_where_they_were_put_and_the_top_row_is_the_top()
    {
        var picture = Draw(40, 20, canvas => canvas.Fill(new Area(3, 1, 10, 4), Red));
        for (int y = 0; y < 20; y++)
        {
            for (int x = 0; x < 40; x++)
                Assert.Equal(x is >= 3 and < 13 && y is >= 1 and < 5 ? (255, 0, 0) : (0, 0, 0), picture.At(x, y));
        }
    }

    [Fact]
    public void Later_boxes_cover_earlier_ones_and_half_opaque_ones_mix()
    {
        var picture = Draw(16, 8, canvas =>
        {
            canvas.Fill(new Area(0, 0, 16, 8), Red);
            canvas.Fill(new Area(8, 0, 8, 8), Blue.WithOpacity(0.5f));
        });
        Assert.Equal((255, 0, 0), picture.At(7, 4));
        var (r, g, b) = picture.At(8, 4);
        Assert.InRange(r, 126, 129);
        Assert.Equal(0, g);
        Assert.InRange(b, 126, 129);
    }

    [Fact]
    public void A_border_is_hollow_and_inside_its_edges()
    {
        var picture = Draw(20, 20, canvas => canvas.Outline(new Area(4, 4, 12, 12), Red, 2));
        Assert.Equal((0, 0, 0), picture.At(3, 10));
        Assert.Equal((255, 0, 0), picture.At(4, 10));
        Assert.Equal((255, 0, 0), picture.At(5, 10));
        Assert.Equal((0, 0, 0), picture.At(7, 10));
        Assert.Equal((0, 0, 0), picture.At(10, 10));
        Assert.Equal((255, 0, 0), picture.At(15, 10));
    }

    [Fact]
    public void Text_has_the_shape_of_its_letters_and_stays_in_its_line()
    {
        // An L is a stem at the left and a foot at the bottom, in a cell half as wide as high.
        var picture = Draw(30, 64, canvas => canvas.Text("L", 0, 8, 48, Color.White));
        int stem = Enumerable.Range(16, 20).Count(y => Enumerable.Range(2, 8).Any(x => picture.At(x, y).R > 200));
        int right = Enumerable.Range(16, 20).Count(y => Enumerable.Range(13, 10).Any(x => picture.At(x, y).R > 50));
        int foot = Enumerable.Range(5, 14).Count(x => picture.At(x, 43).R > 200);
        Assert.Equal(20, stem);
        Assert.Equal(0, right);
        Assert.True(foot >= 12, $"the foot has {foot} of at least 12 pixels");
        Assert.All(Enumerable.Range(0, 30), x => Assert.Equal(0, picture.At(x, 7).R));
        Assert.All(Enumerable.Range(0, 64), y => Assert.Equal(0, picture.At(25, y).R));
    }

    [Theory]
    [InlineData(Rotation.None, false, 0)]
    [InlineData(Rotation.Clockwise90, false, 2)]
    [InlineData(Rotation.Clockwise180, false, 3)]
    [InlineData(Rotation.Clockwise270, false, 1)]
    [InlineData(Rotation.None, true, 1)]
    public void A_frame_is_drawn_upright(Rotation rotation, bool mirrored, int storedAtTopLeft)
    {
        // Four quarters: red, green above blue, white. Which stored quarter shows at the top left after the turn?
        (int, int, int)[] quarters = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)];
        const int Side = 8;
        byte[] pixels = new byte[Side * Side * 3];
        for (int i = 0; i < Side * Side; i++)
        {
            var (r, g, b) = quarters[(i / Side / 4 * 2) + (i % Side / 4)];
            (pixels[i * 3], pixels[(i * 3) + 1], pixels[(i * 3) + 2]) = ((byte)r, (byte)g, (byte)b);
        }

        var picture = gl.Run(device =>
        {
            using var pool = new FramePool(1);
            var buffer = pool.TryRent(pixels.Length)!;
            pixels.CopyTo(buffer.Bytes);
            using var frame = new Frame(buffer, new FrameFormat(Side, Side, PixelFormat.Rgb), default, 0, new FrameGeometry(rotation, mirrored));
            using var uploader = new FrameUploader(device);
            var texture = uploader.TryUpload(frame)!;
            var drawn = Draw(device, 32, 16, canvas => canvas.Picture(texture, new Area(0, 0, 16, 16)));
            texture.Release();
            return drawn;
        });

        Assert.Equal(quarters[storedAtTopLeft], picture.At(2, 2));
        Assert.Equal((0, 0, 0), picture.At(20, 8));
    }

    [Fact]
    public void Of_a_cropped_frame_nothing_else_is_drawn()
    {
        // Red, with one green pixel and one blue one; the crop holds these two, and half a turn puts the blue one on top.
        var format = new FrameFormat(7, 5, PixelFormat.Rgb);
        byte[] pixels = [.. Enumerable.Range(0, 35).SelectMany(i => i switch { 17 => (byte[])[0, 255, 0], 24 => [0, 0, 255], _ => [255, 0, 0] })];
        var picture = gl.Run(device =>
        {
            using var pool = new FramePool(1);
            var buffer = pool.TryRent(pixels.Length)!;
            pixels.CopyTo(buffer.Bytes);
            using var frame = new Frame(buffer, format, default, 0, new FrameGeometry(Rotation.Clockwise180, false) { Crop = new(3, 2, 1, 2) });
            using var uploader = new FrameUploader(device);
            var texture = uploader.TryUpload(frame)!;
            var drawn = Draw(device, 4, 2, canvas => canvas.Picture(texture, new Area(0, 0, 4, 2)));
            texture.Release();
            return drawn;
        });
        Assert.All(Enumerable.Range(0, 4), x => Assert.Equal(((0, 0, 255), (0, 255, 0)), (picture.At(x, 0), picture.At(x, 1))));
    }

    [Fact]
    public void Tensors_are_drawn_from_where_they_lie()
    {
        // One red, one green, one blue pixel, and one beyond [0, 1].
        using var x = new Tensor(new Shape(1, 3, 1, 4), [1, 0, 0, 2, 0, 1, 0, -1, 0, 0, 1, 0.5f]);
        var picture = gl.Run(device =>
        {
            using var buffer = GpuBuffer.Create<float>(device, Blocked(x), "test tensor");
            using var view = new GpuBufferView(buffer, 0, buffer.Bytes);
            using var tensor = new GpuTensor(device, view, x.Shape);
            return Draw(device, 4, 1, canvas => canvas.Picture(tensor, new Area(0, 0, 4, 1)));
        });
        Assert.Equal([(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 0, 128)], Enumerable.Range(0, 4).Select(i => picture.At(i, 0)));
    }

    [Fact]
    public void Feature_maps_stand_in_a_grid_each_stretched_to_its_own_range()
    {
        // Six channels of 1x2: channel c holds 10c and 10c + 1 + c, except that channel 5 is flat.
        using var x = new Tensor(new Shape(1, 6, 1, 2));
        for (int c = 0; c < 6; c++)
            (x[0, c, 0, 0], x[0, c, 0, 1]) = (10 * c, c == 5 ? 50 : (10 * c) + 1 + c);
        var picture = gl.Run(device =>
        {
            using var buffer = GpuBuffer.Create<float>(device, Blocked(x), "test tensor");
            using var view = new GpuBufferView(buffer, 0, buffer.Bytes);
            using var tensor = new GpuTensor(device, view, x.Shape);
            return Draw(device, 32, 30, canvas => canvas.FeatureMaps(tensor, new Area(0, 0, 30, 28), columns: 3, rows: 2, gap: 2));
        });

        (int, int, int) lowest = (5, 7, 18), highest = (255, 250, 232);
        for (int c = 0; c < 6; c++)
        {
            // Cells are 9 1/3 wide with a gap of 2, 14 high with a gap of 2.
            int left = (int)MathF.Round(c % 3 * 32 / 3f), top = c / 3 * 15;
            Assert.Equal(lowest, picture.At(left + 1, top + 6));
            Assert.Equal(c == 5 ? lowest : highest, picture.At(left + 7, top + 6));
        }

        Assert.Equal((0, 0, 0), picture.At(5, 14));
        Assert.Equal((0, 0, 0), picture.At(31, 6));
    }

    [Theory]
    [InlineData(5, 4, 50, 30, 3)]
    [InlineData(5, 30, 50, 4, 3)]
    [InlineData(50, 30, 5, 4, 1.5f)]
    [InlineData(8, 20, 52, 20, 4)]
    [InlineData(20, 4, 20, 34, 0.6f)]
    [InlineData(30, 18, 30, 18, 12)]
    public void Lines_are_the_same_on_both_canvases_and_land_where_they_were_put(float fromX, float fromY, float toX, float toY, float thickness)
    {
        var gpu = Draw(60, 40, canvas => canvas.Line(fromX, fromY, toX, toY, Red, thickness));
        var cpu = new CpuCanvas();
        cpu.Begin(60, 40, Color.Black);
        cpu.Line(fromX, fromY, toX, toY, Red, thickness);
        for (int y = 0; y < 40; y++)
        {
            for (int x = 0; x < 60; x++)
            {
                int expected = cpu.Pixels[((y * 60) + x) * 4];
                Assert.InRange(gpu.At(x, y).R, expected - 2, expected + 2);
            }
        }

        Assert.InRange(gpu.At((int)((fromX + toX) / 2), (int)((fromY + toY) / 2)).R, thickness < 1 ? 1 : 130, 255);
        // What is covered is the area of the line: its length by its thickness, and two half disks.
        double length = Math.Sqrt(Math.Pow(toX - fromX, 2) + Math.Pow(toY - fromY, 2)), area = (length * thickness) + (Math.PI * thickness * thickness / 4);
        double covered = Enumerable.Range(0, 60 * 40).Sum(i => gpu.At(i % 60, i / 60).R) / 255.0;
        Assert.InRange(covered, 0.85 * area, (1.15 * area) + 2);
    }

    [Fact]
    public void A_thousand_boxes_and_more_survive_the_buffer()
    {
        var picture = Draw(100, 100, canvas =>
        {
            for (int i = 0; i < 20_000; i++)
                canvas.Fill(new Area(i % 100, i / 100 % 100, 1, 1), i < 19_999 ? Red : Blue);
        });
        Assert.Equal((255, 0, 0), picture.At(98, 99));
        Assert.Equal((0, 0, 255), picture.At(99, 99));
        Assert.Equal((255, 0, 0), picture.At(0, 0));
    }

    internal static float[] Blocked(Tensor x)
    {
        float[] blocked = new float[BlockedLayout.Elements(x.Shape, Layout.Blocked, 4)];
        BlockedLayout.Pack(x.Span, x.Shape, blocked, 4);
        return blocked;
    }

    private Drawn Draw(int width, int height, Action<GpuCanvas> draw) => gl.Run(device => Draw(device, width, height, draw));

    private static Drawn Draw(GlDevice device, int width, int height, Action<GpuCanvas> draw)
    {
        using var target = new OffscreenTarget(device, width, height);
        using var canvas = new GpuCanvas(device);
        canvas.Begin(target.Framebuffer, width, height, Color.Black);
        draw(canvas);
        canvas.End();
        return new Drawn(target.Read().Pixels, width);
    }

    private sealed record Drawn(byte[] Rgba, int Width)
    {
        public (int R, int G, int B) At(int x, int y)
        {
            int at = ((y * Width) + x) * 4;
            return (Rgba[at], Rgba[at + 1], Rgba[at + 2]);
        }
    }
}
