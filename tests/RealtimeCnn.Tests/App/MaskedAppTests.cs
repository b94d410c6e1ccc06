using RealtimeCnn.App;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.OpenGL.Live;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.App;

/// <summary>A network that segments by colour, live: masks and backdrops are drawn from where the scores lie, the same on both backends.</summary>
[Collection(GlTests.Name)]
public sealed class MaskedAppTests(GlFixture gl) : IDisposable
{
    private const int Width = 160, Height = 120;
    private readonly string _picture = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.png");

    public void Dispose() => File.Delete(_picture);

    [Fact]
    public void Masks_and_backdrops_look_the_same_on_both_backends()
    {
        WritePicture();
        byte[] onGpu = Draw("gpu", Effects), inMemory = Draw("cpu", Effects), plain = Draw("cpu", _ => { });
        int wrong = 0, changed = 0;
        for (int i = 0; i < onGpu.Length; i++)
        {
            wrong += Math.Abs(onGpu[i] - inMemory[i]) > 3 ? 1 : 0;
            changed += Math.Abs(plain[i] - inMemory[i]) > 3 ? 1 : 0;
        }

        Assert.True(wrong < 20, $"{wrong} of {onGpu.Length} bytes differ");
        Assert.True(changed > onGpu.Length / 3, $"{changed} bytes were drawn");

        // Stripes are blurred to gray; the ball shows through its colour, half and half.
        int stripe = ((110 * Width) + 10) * 4, ball = ((60 * Width) + 80) * 4;
        Assert.InRange(inMemory[stripe + 1], 80, 180);
        var color = ClassColors.Of(0);
        Assert.Equal((plain[ball] / 2) + (color.R * 127.5), inMemory[ball], 3.0);
        Assert.Equal((plain[ball + 2] / 2) + (color.B * 127.5), inMemory[ball + 2], 3.0);

        static void Effects(AppFrame frame)
        {
            frame.Overlay.Background(frame.Value("scores"), Backdrop.Blurred(0.08f));
            frame.Overlay.Mask(frame.Value("scores"));
        }
    }

    /// <summary>A picture of other proportions and size covers what it lies behind: its sides are cut off, and its middle is in the middle.</summary>
    [Fact]
    public void A_picture_behind_people_is_the_same_on_both_backends()
    {
        WritePicture();
        // Red, then green, then blue, of 300×90 pixels: of 4:3, the middle 120 are seen.
        using var pool = new FramePool(1);
        var format = new FrameFormat(300, 90, PixelFormat.Rgb);
        using var beach = new Frame(pool.TryRent(format.Bytes)!, format, default, 0);
        for (int i = 0; i < format.Bytes; i++)
            beach.Buffer.Bytes[i] = (byte)(i % 3 == i / 3 % 300 / 100 ? 200 + (i / 3 / 300 / 2) : 10);
        var backdrop = Backdrop.Of(beach);
        byte[] onGpu = Draw("gpu", Effects), inMemory = Draw("cpu", Effects), plain = Draw("cpu", _ => { });
        int wrong = 0;
        for (int i = 0; i < onGpu.Length; i++)
            wrong += Math.Abs(onGpu[i] - inMemory[i]) > 3 ? 1 : 0;
        Assert.True(wrong < 20, $"{wrong} of {onGpu.Length} bytes differ");

        // 10 of 120 columns at either side are red and blue.
        Assert.Equal((200, 10, 10), At(inMemory, 3, 2), Close);
        Assert.Equal((10, 244, 10), At(inMemory, 20, 118), Close);
        Assert.Equal((10, 10, 222), At(inMemory, 156, 60), Close);
        Assert.Equal(At(plain, 80, 60), At(inMemory, 80, 60));

        void Effects(AppFrame frame) => frame.Overlay.Background(frame.Value("scores"), backdrop);

        static (int R, int G, int B) At(byte[] pixels, int x, int y) => (pixels[((y * Width) + x) * 4], pixels[(((y * Width) + x) * 4) + 1], pixels[(((y * Width) + x) * 4) + 2]);

        static bool Close((int R, int G, int B) a, (int R, int G, int B) b) => Math.Abs(a.R - b.R) <= 2 && Math.Abs(a.G - b.G) <= 2 && Math.Abs(a.B - b.B) <= 2;
    }

    [Fact]
    public void From_frame_to_frame_nothing_is_allocated_waited_for_or_read_back()
    {
        using var graph = RedThings();
        using var pool = new FramePool(8);
        var backdrop = Backdrop.Blurred();
        using var other = new Frame(pool.TryRent(300)!, new FrameFormat(10, 10, PixelFormat.Rgb), default, 0);
        var picture = Backdrop.Of(other);
        var head = new SegmentationHead();
        gl.Run(device =>
        {
            using var network = new CameraNetwork(graph, new() { Preprocessing = new() { Size = new(24, 32) }, Drawn = ["scores"] });
            network.Initialize(device);
            Assert.StartsWith("gpu", network.Choice, StringComparison.Ordinal);
            using var target = new OffscreenTarget(device, Width, Height);
            var value = Assert.IsType<GpuValue>(network.Value("scores"));
            Assert.True(value.Tensor.Buffer > 0 && value.Tensor.ByteOffset >= 0);
            int outputs = 0;
            Action<Canvas, Area, LiveResult> overlay = (canvas, where, result) =>
            {
                outputs += result.Outputs.Count;
                value.DrawBackdrop(canvas, network.Picture!, where, result.Mapping, head, backdrop);
                value.DrawBackdrop(canvas, network.Picture!, where, result.Mapping, head, picture);
                value.DrawMask(canvas, where, result.Mapping, head);
            };
            long allocated = 1, blocking = 0;
            int drawn = 0;

            // Until all of it is compiled to the end; the first turns allocate.
            for (int part = 0; part < 30 && (part < 2 || allocated > 0); part++)
            {
                (allocated, blocking, drawn) = (0, device.BlockingCalls, 0);
                for (int turn = 0; turn < 20; turn++)
                {
                    var buffer = pool.TryRent(Width * Height * 3)!;
                    buffer.Bytes.Fill((byte)(turn * 9));
                    var frame = new Frame(buffer, new FrameFormat(Width, Height, PixelFormat.Rgb), default, turn);
                    long before = GC.GetAllocatedBytesForCurrentThread();
                    network.Submit(frame);
                    network.Update(0.01);
                    drawn += network.Draw(target.Framebuffer, new Size2d(Height, Width), overlay) ? 1 : 0;
                    allocated += GC.GetAllocatedBytesForCurrentThread() - before;
                }
            }

            Assert.Equal((0, 0), (allocated, outputs));
            Assert.Equal(blocking, device.BlockingCalls);
            Assert.True(drawn > 0, "nothing was drawn");
        });
    }

    [Fact]
    public void What_is_no_output_cannot_be_drawn_and_canvases_must_be_of_their_kind()
    {
        using var graph = RedThings();
        Assert.Contains("'mask' cannot be drawn", Assert.Throws<ArgumentException>(() => CameraApp.Open("pattern", graph, Options("cpu") with { Drawn = ["mask"] })).Message, StringComparison.Ordinal);
        using var app = CameraApp.Open("pattern:64x64@60", graph, Options("cpu"));
        app.Run(frame =>
        {
            Assert.Throws<KeyNotFoundException>(() => frame.Value("mask"));
            Assert.Contains("class 7", Assert.Throws<ArgumentException>(() => frame.Overlay.Mask(frame.Value("scores"), new SegmentationHead { Background = 7 })).Message, StringComparison.Ordinal);
            frame.Close();
        });
    }

    private static CameraAppOptions Options(string backend) => new() { Window = false, Size = new Size2d(Height, Width), Backend = backend, Drawn = ["scores"], Preprocessing = new() { Size = new(24, 32) } };

    private byte[] Draw(string backend, Action<AppFrame> draw)
    {
        using var graph = RedThings();
        using var app = CameraApp.Open(_picture, graph, Options(backend));
        app.Run(frame =>
        {
            draw(frame);
            frame.Close();
        });
        return app.ReadPicture().Pixels;
    }

    /// <summary>A red ball before stripes.</summary>
    private void WritePicture()
    {
        var canvas = new CpuCanvas();
        canvas.Begin(Width, Height, Color.White);
        for (int x = 0; x < Width; x += 8)
            canvas.Fill(new Area(x, 0, 4, Height), new Color(0, 0.1f, 0.1f));
        canvas.Disk(80, 60, 35, new Color(0.9f, 0.1f, 0.1f));
        Png.Write(_picture, canvas.Pixels, canvas.Format);
    }

    /// <summary>Two classes: what is red, and what is not.</summary>
    private static Graph RedThings()
    {
        var builder = new GraphBuilder(1);
        var graph = builder.Build(builder.Start(new Shape(1, 3, 24, 32), "picture").Conv2d(2, kernel: 1, name: "scores"));
        using (var weights = graph["scores"].Parameters[0].Edit())
            ((ReadOnlySpan<float>)[0, 0, 0, 40, -40, 0]).CopyTo(weights.Values);
        using var biases = graph["scores"].Parameters[1].Edit();
        ((ReadOnlySpan<float>)[0, -10]).CopyTo(biases.Values);
        return graph;
    }
}
