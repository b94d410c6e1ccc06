using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Camera;

public sealed class CameraBackendTests
{
    private static readonly Backend Ready = new("ready", null);
    private static readonly Backend Broken = new("broken", "does not load its native library on this machine");

    [Fact]
    public void Auto_takes_the_first_adapter_that_is_ready()
    {
        var (source, reason) = FrameSources.Open("camera:0", "auto", null, Broken, Ready);
        using (source)
        {
            Assert.IsType<TestPatternSource>(source);
            Assert.Equal("pattern through Library ready", reason);
        }
    }

    [Fact]
    public void Auto_falls_back_to_ffmpeg_and_says_why()
    {
        var (source, reason) = FrameSources.Open("camera:0", "auto", null, Broken);
        using (source)
        {
            Assert.IsType<FfmpegSource>(source);
            Assert.Equal("camera:0 through FFmpeg: Library broken does not load its native library on this machine", reason);
        }

        var (alone, none) = FrameSources.Open("camera:0", "auto", null);
        using (alone)
            Assert.Equal("camera:0 through FFmpeg", none);
    }

    [Fact]
    public void Auto_goes_on_when_an_adapter_cannot_open_this_one_and_says_why()
    {
        var (source, reason) = FrameSources.Open("camera:HD Webcam", "auto", null, new Backend("picky", null, "Library picky opens cameras by number"), Broken);
        using (source)
        {
            Assert.IsType<FfmpegSource>(source);
            Assert.Equal("camera:HD Webcam through FFmpeg: Library picky opens cameras by number; Library broken does not load its native library on this machine", reason);
        }
    }

    [Fact]
    public void Auto_neither_tries_nor_mentions_what_is_not_built_in()
    {
        var (source, reason) = FrameSources.Open("camera:0", "auto", null, new Backend("shell", "is not built in") { IsBuiltIn = false });
        using (source)
            Assert.Equal("camera:0 through FFmpeg", reason);
    }

    [Fact]
    public void A_named_backend_reads_files_and_streams_too()
    {
        string video = Path.ChangeExtension(Path.GetTempFileName(), ".mp4");
        File.WriteAllBytes(video, [0]);
        try
        {
            foreach (string word in (string[])[video, "http://host/stream"])
            {
                var asked = new Backend("ready", null);
                using var source = FrameSources.Open(word, "ready", null, asked).Source;
                Assert.Equal(word, asked.Asked);
                Assert.IsType<TestPatternSource>(source);
            }

            Assert.Contains("does not load", Assert.Throws<CameraException>(() => FrameSources.Open(video, "broken", null, Broken)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(video);
        }
    }

    [Theory]
    [InlineData("ready")]
    [InlineData("ffmpeg")]
    public void A_library_is_not_asked_for_what_none_reads(string backend) =>
        Assert.Contains("'pattern' is not read by a camera library", Assert.Throws<CameraException>(() => FrameSources.Open("pattern", backend, null, Ready)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_password_is_not_in_the_reason()
    {
        var (source, reason) = FrameSources.Open("http://me:secret@host/stream", "auto", null, Ready);
        using (source)
            Assert.Equal("http://host/stream through FFmpeg", reason);
    }

    [Fact]
    public void A_named_backend_is_taken_or_refused_but_never_replaced()
    {
        using (var source = FrameSources.Open("camera:0", "ffmpeg", null, Ready).Source)
            Assert.IsType<FfmpegSource>(source);
        using (var source = FrameSources.Open("camera:0", "ready", null, Broken, Ready).Source)
            Assert.IsType<TestPatternSource>(source);
        Assert.Contains("does not load", Assert.Throws<CameraException>(() => FrameSources.Open("camera:0", "broken", null, Broken, Ready)).Message, StringComparison.Ordinal);
        Assert.Contains("auto, ffmpeg, ready", Assert.Throws<CameraException>(() => FrameSources.Open("camera:0", "other", null, Ready)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_sources_do_not_ask_the_backends()
    {
        var (source, reason) = FrameSources.Open("pattern", "auto", null, Ready);
        using (source)
            Assert.Equal("pattern", reason);
    }

    private sealed class Backend(string name, string? whyUnavailable, string? refusal = null) : ICameraBackend
    {
        public bool IsBuiltIn { get; init; } = true;

        public string? Asked { get; private set; }

        public string Name => name;

        public string Title => $"Library {name}";

        public string? WhyUnavailable => whyUnavailable;

        public IFrameSource Open(string source, CameraOptions? options)
        {
            Asked = source;
            return refusal is null ? new TestPatternSource() : throw new CameraException($"{refusal}.");
        }
    }
}
