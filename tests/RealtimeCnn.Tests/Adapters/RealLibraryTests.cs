using RealtimeCnn.Camera;
using RealtimeCnn.Camera.Emgu;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.Silk;
using RealtimeCnn.Tests.Camera;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Adapters;

/// <summary>
/// The adapters as a program uses them, with the real libraries where the build has them; in a build against the stubs, that
/// they say so. Nothing of the stubs is named here.
/// </summary>
[Collection(WindowTests.Name)]
public sealed class RealLibraryTests(DisplayFixture display)
{
    [Fact]
    public void Silk_net_opens_a_window_and_its_glfw_outlives_ours() => DisplayFixture.OnThread(() =>
    {
        _ = display.Display;
        var backend = new SilkBackend();
        var small = new WindowOptions { Size = new Size2d(120, 160), VerticalSync = false };
        if (!backend.IsBuiltIn)
        {
            Assert.Contains("-p:UseSilkNet=true", Assert.Throws<GlException>(() => WindowHosts.Open("silk", small, null, backend)).Message, StringComparison.Ordinal);
            return;
        }

        using var host = WindowHosts.Open("silk", small, null, backend).Host!;
        Assert.True(host.Device.Info.Version >= GlVersion.Required);
        using (GlfwHost.Create(small))
        {
            // Beside it, and gone again.
        }

        host.MakeCurrent();
        host.PollEvents();
        host.SwapBuffers();
        Assert.Equal(small.Size, host.FramebufferSize);
        host.Close();
        Assert.True(host.IsClosing);
        host.Device.Finish();
    });

    [Fact]
    public void Emgu_cv_reads_a_video_to_its_end()
    {
        var backend = new EmguBackend();
        using var files = new MediaFiles();
        string video = files.Pattern("a.avi", 64, 48, 5, 25, "-c:v", "mjpeg", "-q:v", "2");
        if (backend.WhyUnavailable is { } reason)
        {
            Assert.Contains(reason, Assert.Throws<CameraException>(() => FrameSources.Open(video, "emgu", null, backend)).Message, StringComparison.Ordinal);
            return;
        }

        using var source = FrameSources.Open(video, "emgu", null, backend).Source;
        source.Start(FrameDelivery.Every);
        int pictures = 0;
        while (source.Take(TimeSpan.FromSeconds(30)) is { } frame)
        {
            using (frame)
                Assert.Equal(new FrameFormat(64, 48, PixelFormat.Bgr), frame.Format);
            pictures++;
        }

        Assert.Equal((5, false), (pictures, source.Status.Faulted));
    }
}
