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
            Assert.Equal("camera:0 through Library ready", reason);
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
            Assert.Equal("camera:0 through FFmpeg: no other backend is built in", none);
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

    private sealed class Backend(string name, string? whyUnavailable) : ICameraBackend
    {
        public string Name => name;

        public string Title => $"Library {name}";

        public string? WhyUnavailable => whyUnavailable;

        public IFrameSource Open(string camera, CameraOptions? options) => new TestPatternSource();
    }
}
