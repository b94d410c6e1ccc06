using System.Diagnostics;
using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Camera;

/// <summary>
/// A webcam's life, on a machine without one: a script stands in for FFmpeg's camera interface and lets FFmpeg generate
/// the pictures, or fail as a driver does.
/// </summary>
public sealed class WebcamTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly MediaFiles _media = new();
    private readonly string _device;

    public WebcamTests()
    {
        _device = _media.PathOf("video0");
        File.WriteAllText(_device, "");
    }

    public void Dispose() => _media.Dispose();

    [Fact]
    public void One_that_is_pulled_out_comes_back_when_it_is_plugged_in()
    {
        using var source = Open(Script("ffmpeg-works", "exec ffmpeg -hide_banner -nostdin -nostats -re -f lavfi -i testsrc2=s=64x48:r=50 \"$@\""));
        source.Start();
        using (var frame = source.Take(Patience))
            Assert.Equal((64, 48), (frame!.Format.Width, frame.Format.Height));
        File.Delete(_device);
        using (var child = Process.GetProcessById(source.ProcessId!.Value))
            child.Kill();
        Assert.True(SpinWait.SpinUntil(() => source.Status is { State: SourceState.Reopening or SourceState.Lost } status && status.Reason.Contains("is not there", StringComparison.Ordinal), Patience), $"{source.Status}");
        File.WriteAllText(_device, "");
        Assert.True(SpinWait.SpinUntil(() => source.Status.State == SourceState.Streaming, Patience), $"{source.Status}");
    }

    [Fact]
    public void One_that_is_busy_says_so()
    {
        using var source = Open(Script("ffmpeg-busy", "echo \"[video4linux2,v4l2 @ 0x1] ioctl(VIDIOC_STREAMON): Device or resource busy\" >&2; exit 1"));
        source.Start();
        Assert.Null(source.Take(Patience));
        Assert.Equal((SourceState.Ended, true), (source.Status.State, source.Status.Faulted));
        Assert.Contains("in use by another program", source.Status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_that_hangs_while_opening_is_given_up()
    {
        using var source = Open(Script("ffmpeg-hangs", "exec sleep 1000"), TimeSpan.FromSeconds(1));
        source.Start();
        Assert.Null(source.Take(Patience));
        Assert.Equal((SourceState.Ended, true), (source.Status.State, source.Status.Faulted));
        Assert.Contains("no picture within", source.Status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Output_that_is_no_video_is_given_up_with_the_reason()
    {
        using var source = Open(Script("ffmpeg-babbles", "head -c 100000 /dev/zero; exec sleep 1000"));
        source.Start();
        Assert.Null(source.Take(Patience));
        Assert.Contains("not in the NUT container", source.Status.Reason, StringComparison.Ordinal);
    }

    private FfmpegSource Open(string program, TimeSpan? openTimeout = null) => FfmpegSource.Camera(_device, new CameraOptions
    {
        Program = program,
        OpenTimeout = openTimeout ?? Patience,
        FirstBackOff = TimeSpan.FromMilliseconds(50),
        LongestBackOff = TimeSpan.FromMilliseconds(200),
    });

    // The script's arguments after the camera are what remains in "$@".
    private string Script(string name, string camera)
    {
        string path = _media.PathOf(name);
        File.WriteAllText(path, $"""
            #!/bin/sh
            case "$*" in *-version*) exec ffmpeg -version ;; esac
            while [ "$1" != "-i" ]; do shift; done
            shift; shift
            {camera}

            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
