using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Camera;

/// <summary>Videos that are entered anywhere: the picture is the one that has that place when all are decoded in turn.</summary>
public sealed class SeekTests : IDisposable
{
    private const int Pictures = 40, Rate = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Moment = TimeSpan.FromMilliseconds(150);
    private readonly MediaFiles _media = new();

    public void Dispose() => _media.Dispose();

    [Theory]
    [InlineData("index.mp4", "-c:v libx264 -bf 2 -g 15 -pix_fmt yuv420p")]
    [InlineData("index.mkv", "-c:v ffv1 -pix_fmt bgra")]
    [InlineData("none.ts", "-c:v mpeg2video -bf 2 -g 15 -pix_fmt yuv420p")]
    [InlineData("differences.gif", "")]
    public void The_picture_of_a_time_is_the_one_that_decoding_in_turn_brings_there(string name, string encoder)
    {
        string path = _media.Pattern(name, 96, 64, Pictures, Rate, encoder.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var inTurn = InTurn(path);
        Assert.Equal(Pictures, inTurn.Distinct().Count());
        using var source = FrameSources.Open(path);
        source.Playback!.Pause();
        source.Start();
        source.Playback.Advance();
        Assert.Equal(inTurn[0], Take(source).Pixels);
        Assert.InRange(source.Timeline!.Length!.Value.TotalSeconds, 3.9, 4.1);
        foreach (var (seconds, number) in ((double, int)[])[(2.75, 27), (1.3, 13), (100, Pictures - 1), (0.05, 0)])
        {
            source.Timeline.Seek(TimeSpan.FromSeconds(seconds));
            var (pixels, position) = Take(source);
            Assert.Equal(number, Array.IndexOf(inTurn, pixels));
            Assert.Equal(number / (double)Rate, position, 0.051);
            // It is paused: that was all.
            Assert.Null(source.Take(Moment / 3));
        }
    }

    [Fact]
    public void It_plays_on_from_there_over_its_end_and_numbers_and_times_rise()
    {
        using var source = FrameSources.Open(Lossless("film.mkv"), new CameraOptions { Loop = true });
        source.Start(FrameDelivery.Every);
        var (before, taken) = (Number(source), new List<int>());
        Assert.Equal(0, before.Shown);
        foreach (double seconds in (double[])[3.8, 1, 3])
        {
            source.Timeline!.Seek(TimeSpan.FromSeconds(seconds));
            for (int i = 0; i < 4; i++)
            {
                var next = Number(source);
                Assert.True(next.Sequence > before.Sequence && next.Taken > before.Taken, $"{next} follows {before}");
                Assert.Equal(next.Shown / (double)Rate, next.Position, 0.051);
                before = next;
                taken.Add(next.Shown);
            }
        }

        Assert.Equal([38, 39, 0, 1, 10, 11, 12, 13, 30, 31, 32, 33], taken);
    }

    [Fact]
    public void A_drag_opens_the_video_once_after_the_other_and_ends_where_it_ended()
    {
        if (OperatingSystem.IsWindows())
            return;
        string log = _media.PathOf("starts"), program = _media.PathOf("ffmpeg");
        File.WriteAllText(program, $"#!/bin/sh\necho start >>'{log}'\nexec ffmpeg \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var source = FrameSources.Open(Lossless("film.mkv"), new CameraOptions { Program = program, Loop = true });
        source.Playback!.Pause();
        source.Start();
        source.Playback.Advance();
        Take(source);
        int before = File.ReadAllLines(log).Length;
        for (int i = 0; i < 500; i++)
            source.Timeline!.Seek(TimeSpan.FromSeconds(3.9 * i / 500));
        source.Timeline!.Seek(TimeSpan.FromSeconds(2.5));
        while (Number(source).Shown != 25)
        {
        }

        Assert.Null(source.Take(Moment));
        // 501 wishes within a few milliseconds: one is under way, the last one follows.
        Assert.InRange(File.ReadAllLines(log).Length - before, 1, 10);
    }

    [Fact]
    public void A_video_that_ends_before_its_sound_has_a_last_picture()
    {
        string silent = Lossless("silent.mkv"), path = _media.PathOf("loud.mkv");
        MediaFiles.Ffmpeg("-i", silent, "-f", "lavfi", "-i", "sine=duration=9", "-c:v", "copy", "-c:a", "pcm_s16le", path);
        using var source = FrameSources.Open(path);
        source.Playback!.Pause();
        source.Start();
        source.Playback.Advance();
        Take(source);
        Assert.Equal(9, source.Timeline!.Length!.Value.TotalSeconds, 0.1);
        source.Timeline.Seek(TimeSpan.FromSeconds(8.9));
        Assert.Equal(Pictures - 1, Number(source).Shown);
        source.Timeline.Seek(TimeSpan.FromSeconds(2));
        Assert.Equal(20, Number(source).Shown);
    }

    [Fact]
    public void Where_a_video_breaks_off_the_last_picture_that_can_be_read_is_shown()
    {
        string whole = _media.Pattern("whole.mp4", 96, 64, Pictures, Rate, "-c:v", "libx264", "-g", "5", "-bf", "0", "-pix_fmt", "yuv420p", "-movflags", "+faststart"), path = _media.PathOf("broken.mp4");
        byte[] bytes = File.ReadAllBytes(whole);
        File.WriteAllBytes(path, bytes[..(bytes.Length * 2 / 3)]);
        using var source = FrameSources.Open(path);
        source.Playback!.Pause();
        source.Start();
        source.Playback.Advance();
        Take(source);
        source.Timeline!.Seek(TimeSpan.FromSeconds(3.9));
        Assert.InRange(Take(source).Position, 1, 3.5);
        source.Timeline.Seek(TimeSpan.Zero);
        Assert.Equal(0, Take(source).Position);
        Assert.False(source.Status.Faulted);
    }

    [Fact]
    public void What_does_not_say_how_long_it_is_plays_on()
    {
        using var source = FrameSources.Open(_media.Pattern("stream.mjpeg", 64, 48, Pictures, Rate, "-c:v", "mjpeg", "-pix_fmt", "yuvj420p"));
        source.Start(FrameDelivery.Every);
        for (int i = 0; i < 3; i++)
        {
            using var frame = source.Take(Patience);
            Assert.Equal(i, frame!.Sequence);
            Assert.Null(source.Timeline!.Length);
            source.Timeline.Seek(TimeSpan.FromSeconds(3));
        }

        using var camera = FrameSources.Open("camera:0");
        Assert.Null(camera.Timeline);
    }

    private string Lossless(string name) => _media.Pattern(name, 96, 64, Pictures, Rate, "-c:v", "ffv1", "-pix_fmt", "bgra");

    private static string[] InTurn(string path)
    {
        List<string> pictures = [];
        using var source = FrameSources.Open(path);
        source.Start(FrameDelivery.Every);
        while (source.Take(Patience) is { } frame)
        {
            using (frame)
                pictures.Add(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(frame.Pixels)));
        }

        return [.. pictures];
    }

    private static (string Pixels, double Position) Take(IFrameSource source)
    {
        using var frame = source.Take(Patience);
        Assert.True(frame is not null, $"{source.Status}");
        return (Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(frame.Pixels)), source.Timeline!.PositionOf(frame)!.Value.TotalSeconds);
    }

    private static (int Shown, double Position, long Sequence, TimeSpan Taken) Number(IFrameSource source)
    {
        using var frame = source.Take(Patience);
        Assert.True(frame is not null, $"{source.Status}");
        return (TestPatternSource.ReadNumber(frame.Pixels, frame.Format.Width), source.Timeline!.PositionOf(frame)!.Value.TotalSeconds, frame.Sequence, frame.Timestamp);
    }
}
