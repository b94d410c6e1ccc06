using RealtimeCnn.Camera;
using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Clips;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Demo;

/// <summary>The last seconds of the screen as a video.</summary>
[Collection(OpenGL.GlTests.Name)]
public sealed class ClipTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-clip-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("cpu", "clip.mp4")]
    [InlineData("cpu", "clip.gif")]
    [InlineData("gpu", "clip.mp4")]
    public void A_clip_shows_what_was_drawn(string backend, string name)
    {
        string clip = Path.Combine(_folder, name), script = Path.Combine(_folder, "script.txt"), first = Path.Combine(_folder, "first.png"), last = Path.Combine(_folder, "last.png");
        // The first mode is kept for 12 pictures of 30 a second, and another one is drawn until the end.
        File.WriteAllLines(script, [$"9f shot {first}", "12f mode find", $"45f shot {last}", $"45f clip {clip}", "46f quit"]);
        using var messages = new StringWriter();
        int code = DemoOptions.Parse(
            ["--source", "numbers", "--mode", "explore", "--script", script, "--window", "none", "--backend", backend, "--size", "640x480"], messages, options => new DemoApp(options, messages).Run(CancellationToken.None));
        Assert.True(code == 0, messages.ToString());
        Assert.Contains($"Saved {clip}: 1.", messages.ToString(), StringComparison.Ordinal);

        var pictures = Decode(clip);
        Assert.InRange(pictures.Count, 13, 17);
        Assert.True(Difference(pictures[3], Shrunk(first)) < 6, $"the 4th picture is off by {Difference(pictures[3], Shrunk(first))}");
        Assert.True(Difference(pictures[^1], Shrunk(last)) < 6, $"the last picture is off by {Difference(pictures[^1], Shrunk(last))}");
        Assert.True(Difference(pictures[^1], Shrunk(first)) > 12);
    }

    [Fact]
    public void The_ring_keeps_ten_seconds_and_allocates_nothing_more_once_it_is_full()
    {
        var ring = new ClipRing();
        var screen = new Size2d(72, 128);
        byte[] pixels = new byte[72 * 128 * 4], copy = new byte[72 * 128 * 3];
        for (int i = 0; i < 150; i++)
            Add(i);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 150; i < 250; i++)
            Add(i);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((150, 100), ring.Newest);
        for (int i = 150; i < 250; i++)
        {
            Assert.True(ring.TryCopy(i, copy, out var taken));
            Assert.Equal((TimeSpan.FromSeconds(i / ClipRing.Rate), (byte)i), (taken, copy[^1]));
        }

        Assert.False(ring.TryCopy(100, copy, out _));
        Assert.False(ring.Wants(TimeSpan.FromSeconds(24.95)));
        Assert.True(ring.Wants(TimeSpan.FromSeconds(25)));

        // A window of another size begins anew.
        ring.Add(new byte[20 * 10 * 4], new Size2d(10, 20), TimeSpan.FromSeconds(25));
        Assert.Equal((250, 1), ring.Newest);

        void Add(int number)
        {
            Array.Fill(pixels, (byte)number);
            ring.Add(pixels, screen, TimeSpan.FromSeconds(number / ClipRing.Rate));
        }
    }

    [Fact]
    public void Large_screens_are_shrunk_by_means_of_whole_pixels()
    {
        Assert.Equal([1, 2, 2, 3, 6], ((Size2d[])[new(360, 640), new(720, 1280), new(700, 900), new(1080, 1920), new(2160, 3840)]).Select(ClipRing.FactorOf));
        var ring = new ClipRing();
        // Columns of 10, 20, 30, 40 … repeat; two become one.
        byte[] pixels = [.. Enumerable.Range(0, 720 * 1280 * 4).Select(i => (byte)(10 * (1 + (i / 4 % 4))))];
        ring.Add(pixels, new Size2d(720, 1280), TimeSpan.Zero);
        byte[] copy = new byte[360 * 640 * 3];
        Assert.True(ring.TryCopy(0, copy, out _));
        Assert.Equal([15, 15, 15, 35, 35, 35, 15], copy[..7]);
        Assert.Equal(new Size2d(360, 640), ring.Size);
    }

    [Fact]
    public void A_clip_that_cannot_be_saved_is_said()
    {
        string script = Path.Combine(_folder, "script.txt");
        File.WriteAllLines(script, [$"5f clip {Path.Combine(_folder, "nowhere", "clip.mp4")}", "6f quit"]);
        using var messages = new StringWriter();
        int code = DemoOptions.Parse(
            ["--source", "pattern:160x120", "--mode", "explore", "--script", script, "--window", "none", "--backend", "cpu"], messages, options => new DemoApp(options, messages).Run(CancellationToken.None));
        Assert.Equal(0, code);
        Assert.Contains("The clip cannot be saved: ", messages.ToString(), StringComparison.Ordinal);
    }

    private static List<byte[]> Decode(string clip)
    {
        List<byte[]> pictures = [];
        var toRgb = new ImageToTensor(new Preprocessing { Size = new Size2d(240, 320) });
        using var tensor = new Tensor(new Shape(1, 3, 240, 320));
        using var source = FfmpegSource.File(clip, new CameraOptions { Loop = false });
        source.Start(FrameDelivery.Every);
        while (source.Take(TimeSpan.FromSeconds(20)) is { } frame)
        {
            using (frame)
            {
                Assert.Equal((320, 240), (frame.Format.Width, frame.Format.Height));
                toRgb.Run(frame.Pixels, frame.Format, frame.Geometry, tensor);
                pictures.Add([.. Enumerable.Range(0, 320 * 240 * 3).Select(i => (byte)Math.Round(255 * Math.Clamp(tensor.Span[(i % 3 * 320 * 240) + (i / 3)], 0, 1)))]);
            }
        }

        Assert.True(pictures.Count > 0, source.Status.Reason);
        return pictures;
    }

    // As the clip has it: means of 2×2.
    private static byte[] Shrunk(string png)
    {
        using var photograph = Photograph.Load(png);
        int channels = photograph.Format.RowBytes / photograph.Format.Width;
        byte[] pixels = photograph.Pixels.ToArray(), small = new byte[320 * 240 * 3];
        for (int i = 0; i < small.Length; i++)
        {
            int c = i % 3, x = i / 3 % 320 * 2, y = i / 3 / 320 * 2;
            small[i] = (byte)((At(x, y) + At(x + 1, y) + At(x, y + 1) + At(x + 1, y + 1)) / 4);

            int At(int column, int row) => pixels[(((row * 640) + column) * channels) + c];
        }

        return small;
    }

    private static double Difference(byte[] a, byte[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Average();
}
