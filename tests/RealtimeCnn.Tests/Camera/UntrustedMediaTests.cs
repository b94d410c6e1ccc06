using System.Diagnostics;
using RealtimeCnn.Benchmarks.Soak;
using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Camera;

/// <summary>A file opens nothing but itself, and a child process does not outlive us.</summary>
[Collection(nameof(RunsAlone))]
public sealed class UntrustedMediaTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly MediaFiles _media = new();

    public void Dispose() => _media.Dispose();

    [Theory]
    [InlineData("list.m3u8", "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXTINF:1.0,\nprivate.ts\n#EXT-X-ENDLIST\n")]
    [InlineData("list.ffconcat", "ffconcat version 1.0\nfile private.ts\n")]
    [InlineData("film.mp4", "ffconcat version 1.0\nfile private.ts\n")]
    [InlineData("film.mkv", "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXTINF:1.0,\nhttp://127.0.0.1:9/private.ts\n")]
    [InlineData("session.sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\n")]
    public void A_file_that_names_others_opens_none_of_them(string name, string text)
    {
        _media.Pattern("private.ts", 64, 48, 5, 25, "-c:v", "mpeg2video", "-pix_fmt", "yuv420p");
        File.WriteAllText(_media.PathOf(name), text);
        using var source = FfmpegSource.File(_media.PathOf(name));
        source.Start(FrameDelivery.Every);
        Assert.Null(source.Take(Patience));
        Assert.True(source.Status.Faulted);
        Assert.Contains("may name other files", source.Status.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mp4", "mpeg4")]
    [InlineData("mov", "mpeg4")]
    [InlineData("avi", "mpeg4")]
    [InlineData("mkv", "mpeg4")]
    [InlineData("webm", "libvpx")]
    [InlineData("ts", "mpeg2video")]
    [InlineData("mpg", "mpeg2video")]
    [InlineData("flv", "flv")]
    [InlineData("wmv", "wmv2")]
    [InlineData("ogv", "libtheora")]
    [InlineData("gif", "gif")]
    [InlineData("mjpeg", "mjpeg")]
    [InlineData("m2v", "mpeg2video")]
    public void Containers_that_hold_their_own_data_are_read(string extension, string codec)
    {
        string path = _media.PathOf($"a%20{extension}.{extension}");
        MediaFiles.Ffmpeg("-f", "lavfi", "-i", "testsrc=s=64x48:r=25:d=0.2", "-c:v", codec, _media.PathOf($"a.{extension}"));
        File.Move(_media.PathOf($"a.{extension}"), path);
        using var source = FfmpegSource.File(path);
        source.Start(FrameDelivery.Every);
        using var frame = source.Take(Patience);
        Assert.True(frame is not null, source.Status.Reason);
    }

    [Fact]
    public void A_video_of_more_pixels_than_allowed_is_refused()
    {
        string path = _media.Pattern("large.mkv", 320, 240, 2, 25, "-c:v", "ffv1", "-pix_fmt", "bgra");
        foreach (int limit in (int[])[100, (320 * 240) - 1])
        {
            using var source = FfmpegSource.File(path, new CameraOptions { MaxPixels = limit });
            source.Start(FrameDelivery.Every);
            Assert.Null(source.Take(Patience));
            Assert.Contains($"320×240 pixels; at most {limit}", source.Status.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Sessions_leave_no_pipe_behind_even_before_a_collection()
    {
        if (!OperatingSystem.IsLinux())
            return; // Handles are counted in /proc.
        string path = _media.PathOf("one.png");
        Png.Write(path, new byte[8 * 8 * 3], new FrameFormat(8, 8, PixelFormat.Rgb));
        Photograph.Load(path).Dispose();
        Assert.True(GC.TryStartNoGCRegion(64 << 20));
        try
        {
            int before = Pipes();
            for (int i = 0; i < 10; i++)
                Photograph.Load(path).Dispose();
            Assert.InRange(Pipes() - before, int.MinValue, 2);
        }
        finally
        {
            GC.EndNoGCRegion();
        }
    }

    [Fact]
    public void Killed_without_a_chance_to_clean_up_we_leave_no_ffmpeg_behind()
    {
        if (!OperatingSystem.IsLinux())
            return; // Processes are looked for in /proc.
        using var webcam = new FakeWebcam(FakeWebcam.Encode(64, 48, pictures: 4));
        string demo = Path.Combine(AppContext.BaseDirectory, "RealtimeCnn.Demo.dll");
        using var program = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
            ["exec", demo, "--source", $"{webcam.Url}", "--window", "none", "--backend", "cpu", "--frames", "1000000", "--size", "320x240"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            // The one that plays, not the one that was asked its version.
            int child = 0;
            Assert.True(SpinWait.SpinUntil(() => webcam.Sent > 5 && (child = FfmpegOf(program.Id)) != 0, Patience), "the demo plays nothing");
            webcam.Paused = true;
            program.Kill();
            program.WaitForExit();
            // Its connection's time-out, which would end it too, is longer than this.
            Assert.True(SpinWait.SpinUntil(() => !Runs(child), TimeSpan.FromSeconds(8)), "FFmpeg still runs");
        }
        finally
        {
            if (!program.HasExited)
                program.Kill();
        }
    }

    private static int FfmpegOf(int parent) => Directory.GetDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), out int id) ? id : 0)
        .FirstOrDefault(id => id != 0 && Stat(id) is ["(ffmpeg)", _, var its, ..] && its == $"{parent}");

    private static bool Runs(int id) => Stat(id) is [_, not "Z", ..];

    // Name, state and parent, and more behind them; nothing when the process is gone.
    private static string[] Stat(int id)
    {
        try
        {
            return [.. File.ReadAllText($"/proc/{id}/stat").Split(' ').Skip(1)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static int Pipes() => Directory.GetFileSystemEntries("/proc/self/fd").Count(handle => new FileInfo(handle).LinkTarget?.StartsWith("pipe:", StringComparison.Ordinal) == true);
}
