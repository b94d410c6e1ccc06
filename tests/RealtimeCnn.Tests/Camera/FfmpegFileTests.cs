using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Camera;

public sealed class FfmpegFileTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly MediaFiles _media = new();

    public void Dispose() => _media.Dispose();

    [Fact]
    public void Every_picture_comes_once_in_order_with_its_exact_time()
    {
        string path = _media.Pattern("lossless.mkv", 96, 64, 30, 20, "-c:v", "ffv1", "-pix_fmt", "bgra");
        using var source = FfmpegSource.File(path);
        using var pattern = new TestPatternSource(96, 64);
        var expected = new byte[96 * 64 * 4];
        TimeSpan? start = null;
        source.Start(FrameDelivery.Every);
        for (int i = 0; i < 30; i++)
        {
            using var frame = source.Take(Patience);
            Assert.NotNull(frame);
            Assert.Equal((96, 64, PixelFormat.Bgra), (frame.Format.Width, frame.Format.Height, frame.Format.Pixels));
            Assert.Equal(i, frame.Sequence);
            start ??= frame.Timestamp;
            Assert.Equal(TimeSpan.FromMilliseconds(50 * i), frame.Timestamp - start);
            pattern.Draw(i, expected);
            Assert.True(frame.Pixels.SequenceEqual(SwapRedAndBlue(expected)), $"picture {i} differs");
        }

        Assert.Null(source.Take(Patience));
        var status = source.Status;
        Assert.Equal((SourceState.Ended, false, 30, 0), (status.State, status.Faulted, status.FramesIn, status.FramesDropped));
    }

    [Fact]
    public void Times_of_a_variable_rate_are_kept()
    {
        string path = _media.Pattern("variable.mkv", 64, 48, 8, 10, "-vf", "settb=1/1000,setpts=N*N*25+N*15", "-vsync", "passthrough", "-enc_time_base", "1:1000", "-c:v", "ffv1", "-pix_fmt", "bgra");
        var frames = TakeAll(path);
        Assert.Equal(Enumerable.Range(0, 8).Select(n => (double)((n * n * 25) + (n * 15))), frames.Select(frame => (frame.Timestamp - frames[0].Timestamp).TotalMilliseconds));
    }

    [Fact]
    public void A_change_of_size_goes_through_even_to_one_of_as_many_bytes()
    {
        string whole = _media.PathOf("sizes.mjpeg");
        using (var file = File.Create(whole))
        {
            foreach (var (width, height) in ((int, int)[])[(320, 240), (240, 320), (64, 48)])
                file.Write(File.ReadAllBytes(_media.Pattern($"{width}.mjpeg", width, height, 4, 25, "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "2")));
        }

        var frames = TakeAll(whole);
        Assert.Equal(
            [.. Enumerable.Repeat((320, 240), 4), .. Enumerable.Repeat((240, 320), 4), .. Enumerable.Repeat((64, 48), 4)],
            frames.Select(frame => (frame.Format.Width, frame.Format.Height)));
        foreach (var (format, _, pixels) in frames)
        {
            // The disc is red: of the three primaries, only red has V far above and U below the middle.
            var scene = TestPatternSource.SceneAt(frames.IndexOf((format, frames.First(f => f.Pixels == pixels).Timestamp, pixels)) % 4, format.Width, format.Height);
            int chroma = (format.Width * format.Height) + (scene.DiscY / 2 * format.Width) + (scene.DiscX / 2 * 2);
            Assert.Equal(PixelFormat.Nv12, format.Pixels);
            Assert.InRange(pixels[chroma + 1], 170, 255);
            Assert.InRange(pixels[chroma], 60, 125);
        }
    }

    [Theory]
    [InlineData("yuv420p", PixelFormat.Nv12)]
    [InlineData("nv12", PixelFormat.Nv12)]
    [InlineData("yuyv422", PixelFormat.Yuyv)]
    [InlineData("gray", PixelFormat.Gray)]
    [InlineData("rgb24", PixelFormat.Rgb)]
    [InlineData("bgr24", PixelFormat.Bgr)]
    [InlineData("rgba", PixelFormat.Rgba)]
    [InlineData("bgra", PixelFormat.Bgra)]
    public void Pixels_come_as_the_source_has_them(string stored, PixelFormat expected)
    {
        string path = _media.PathOf("native.nut");
        MediaFiles.Ffmpeg("-f", "lavfi", "-i", "color=c=0x3080C0:s=34x22:r=10", "-frames:v", "2", "-c:v", "rawvideo", "-pix_fmt", stored, path);
        var (format, _, pixels) = TakeAll(path)[0];
        Assert.Equal((34, 22, expected), (format.Width, format.Height, format.Pixels));
        byte[] first = expected switch
        {
            PixelFormat.Rgb => [0x30, 0x80, 0xC0],
            PixelFormat.Bgr => [0xC0, 0x80, 0x30],
            PixelFormat.Rgba => [0x30, 0x80, 0xC0, 0xFF],
            PixelFormat.Bgra => [0xC0, 0x80, 0x30, 0xFF],
            _ => [],
        };
        for (int i = 0; i < first.Length; i++)
            Assert.InRange(pixels[i], first[i] - 3, first[i] + 3);
        if (expected is PixelFormat.Nv12 or PixelFormat.Yuyv)
        {
            // BT.601, limited: Y = 16 + (65.5 R + 128.6 G + 25 B)/256, U = 128 + …, V = 128 + …
            Assert.InRange(pixels[0], 108, 116);
            Assert.InRange(expected == PixelFormat.Nv12 ? pixels[34 * 22] : pixels[1], 163, 173);
            Assert.InRange(expected == PixelFormat.Nv12 ? pixels[(34 * 22) + 1] : pixels[3], 84, 92);
        }
    }

    [Theory]
    [InlineData("yuv420p", PixelFormat.Nv12, 64, 46)]
    [InlineData("yuyv422", PixelFormat.Yuyv, 64, 47)]
    [InlineData("bgra", PixelFormat.Bgra, 65, 47)]
    public void An_odd_size_loses_what_shared_chroma_cannot_hold_and_nothing_else(string stored, PixelFormat pixels, int width, int height)
    {
        string odd = _media.Pattern("odd.nut", 65, 47, 2, 10, "-c:v", "rawvideo", "-pix_fmt", stored);
        string even = _media.PathOf("even.nut");
        MediaFiles.Ffmpeg("-i", odd, "-vf", $"crop={width}:{height}:0:0:exact=1", "-c:v", "rawvideo", "-pix_fmt", stored, even);
        foreach (var (frame, reference) in TakeAll(odd).Zip(TakeAll(even)))
        {
            Assert.Equal((width, height, pixels), (frame.Format.Width, frame.Format.Height, frame.Format.Pixels));
            Assert.Equal(reference.Format, frame.Format);
            if (stored != "yuyv422")
                Assert.Equal(reference.Pixels, frame.Pixels);
            else
                Assert.True(frame.Pixels.Zip(reference.Pixels).All(pair => Math.Abs(pair.First - pair.Second) <= 12), "the crop filter averages chroma; brightness must agree");
        }
    }

    [Fact]
    public void Frames_that_nobody_takes_are_dropped_and_counted_and_the_newest_stays()
    {
        string path = _media.Pattern("dropped.mkv", 64, 48, 20, 200, "-c:v", "ffv1", "-pix_fmt", "bgra");
        using var source = FfmpegSource.File(path, new CameraOptions { Loop = false });
        using var ended = new ManualResetEventSlim();
        source.StatusChanged += (_, status) => { if (status.State == SourceState.Ended) ended.Set(); };
        source.Start(FrameDelivery.Latest);
        Assert.True(ended.Wait(Patience));
        Assert.Equal((20, 19), (source.Status.FramesIn, source.Status.FramesDropped));
        using var frame = source.Take(Patience);
        Assert.Equal(19, frame?.Sequence);
        Assert.Equal(19, TestPatternSource.ReadNumber(frame!.Pixels, 64));
    }

    [Fact]
    public void A_looped_file_goes_on_with_rising_times()
    {
        string path = _media.Pattern("loop.mkv", 64, 48, 5, 25, "-c:v", "ffv1", "-pix_fmt", "bgra");
        using var source = FfmpegSource.File(path, new CameraOptions { Loop = true });
        source.Start(FrameDelivery.Every);
        var last = TimeSpan.MinValue;
        for (int i = 0; i < 17; i++)
        {
            using var frame = source.Take(Patience);
            Assert.NotNull(frame);
            Assert.Equal(i % 5, TestPatternSource.ReadNumber(frame.Pixels, 64));
            Assert.True(frame.Timestamp > last, $"picture {i}");
            last = frame.Timestamp;
        }
    }

    [Fact]
    public void A_missing_file_is_named_at_once()
    {
        var error = Assert.Throws<CameraException>(() => FfmpegSource.File(_media.PathOf("nothing.mp4")));
        Assert.Contains("nothing.mp4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_video_ends_the_source_with_a_reason()
    {
        string path = _media.PathOf("novel.mp4");
        File.WriteAllText(path, "It was a dark and stormy night.");
        Assert.Contains("novel.mp4 is not a video", FaultOf(FfmpegSource.File(path)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_sound_only_says_that_it_has_no_video()
    {
        string path = _media.PathOf("sound.wav");
        MediaFiles.Ffmpeg("-f", "lavfi", "-i", "sine=d=0.1", path);
        Assert.Contains("has no video", FaultOf(FfmpegSource.File(path)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_ffmpeg_names_the_remedy()
    {
        string path = _media.PathOf("any.mp4");
        File.WriteAllText(path, "");
        string reason = FaultOf(FfmpegSource.File(path, new CameraOptions { Program = "/nowhere/ffmpeg" }));
        Assert.Contains("/nowhere/ffmpeg", reason, StringComparison.Ordinal);
        Assert.Contains("install", reason, StringComparison.Ordinal);
    }

    private static string FaultOf(FfmpegSource source)
    {
        using (source)
        {
            source.Start();
            Assert.Null(source.Take(Patience));
            Assert.Equal((SourceState.Ended, true), (source.Status.State, source.Status.Faulted));
            return source.Status.Reason;
        }
    }

    private static List<(FrameFormat Format, TimeSpan Timestamp, byte[] Pixels)> TakeAll(string path)
    {
        using var source = FfmpegSource.File(path);
        source.Start(FrameDelivery.Every);
        List<(FrameFormat, TimeSpan, byte[])> frames = [];
        while (source.Take(Patience) is { } frame)
        {
            using (frame)
                frames.Add((frame.Format, frame.Timestamp, frame.Pixels.ToArray()));
        }

        Assert.False(source.Status.Faulted, source.Status.Reason);
        return frames;
    }

    private static byte[] SwapRedAndBlue(ReadOnlySpan<byte> rgba)
    {
        var bgra = rgba.ToArray();
        for (int i = 0; i < bgra.Length; i += 4)
            (bgra[i], bgra[i + 2]) = (bgra[i + 2], bgra[i]);
        return bgra;
    }
}
