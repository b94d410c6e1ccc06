using RealtimeCnn.Benchmarks.Soak;
using RealtimeCnn.Camera;
using RealtimeCnn.Demo;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Demo;

/// <summary>The demo in a window of either kind.</summary>
[Collection(WindowTests.Name)]
public sealed class WindowRunTests(DisplayFixture display)
{
    [Theory]
    [InlineData("gpu")]
    [InlineData("cpu")]
    public void A_window_shows_frames_and_ends_when_it_was_told_to(string backend)
    {
        Assert.NotEqual("", display.Display + Environment.GetEnvironmentVariable("WAYLAND_DISPLAY"));
        string screenshot = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.png");
        try
        {
            using var messages = new StringWriter();
            int code = -1;
            DisplayFixture.OnThread(() => code = DemoOptions.Parse(
                ["--source", "pattern:160x120", "--frames", "5", "--pace", "every", "--backend", backend, "--size", "320x240", "--screenshot", screenshot], messages,
                options => new DemoApp(options, messages).Run(CancellationToken.None)));

            Assert.True(code == 0, messages.ToString());
            Assert.Contains("5 frames shown, 0 dropped", messages.ToString(), StringComparison.Ordinal);
            Assert.Equal(backend == "cpu", messages.ToString().Contains("CPU path", StringComparison.Ordinal));
            using var picture = Photograph.Load(screenshot);
            Assert.Equal((320, 240), (picture.Format.Width, picture.Format.Height));
        }
        finally
        {
            File.Delete(screenshot);
        }
    }

    /// <summary>A photograph is there once and stays; a window that closed after its only frame showed nothing.</summary>
    [Fact]
    public void A_photograph_stays_until_the_user_goes()
    {
        string photograph = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.png");
        Png.Write(photograph, new byte[64 * 48 * 3], new FrameFormat(64, 48, PixelFormat.Rgb));
        try
        {
            using var messages = new StringWriter();
            int code = -1;
            DisplayFixture.OnThread(() => code = DemoOptions.Parse(
                ["--source", photograph, "--frames", "4", "--backend", "cpu", "--size", "320x240"], messages,
                options => new DemoApp(options, messages).Run(CancellationToken.None)));
            Assert.True(code == 0, messages.ToString());
            Assert.Contains("4 frames shown", messages.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(photograph);
        }
    }

    [Fact]
    public async Task The_window_lives_on_while_its_camera_dies_comes_back_and_changes_its_size()
    {
        using var webcam = new FakeWebcam(FakeWebcam.Encode(64, 48));
        using var messages = new StringWriter();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(100));
        DemoApp? app = null;
        int code = -1;
        var trouble = Task.Run(() =>
        {
            SpinWait.SpinUntil(() => webcam.Sent > 20, TimeSpan.FromSeconds(30));
            webcam.Unplug();
            bool reopening = SpinWait.SpinUntil(() => Volatile.Read(ref app)?.Stats.Source.State == SourceState.Reopening, TimeSpan.FromSeconds(40));
            webcam.Pictures = FakeWebcam.Encode(80, 60);
            webcam.Plug();
            webcam.SendGarbage(2);
            return reopening;
        });
        DisplayFixture.OnThread(() => code = DemoOptions.Parse(
            ["--source", webcam.Url.ToString(), "--frames", "60", "--size", "320x240"], messages,
            options => (app = new DemoApp(options, messages)).Run(deadline.Token)));
        Assert.True(code == 0 && !deadline.IsCancellationRequested, messages.ToString());
        Assert.True(await trouble, "The demo never saw its camera reopening.");
        Assert.Contains("60 frames shown", messages.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 2, GlClientApi.Desktop)]
    [InlineData(3, 0, GlClientApi.Embedded)]
    public void A_picture_window_refuses_what_is_no_picture_and_lives_on(int major, int minor, GlClientApi api) => DisplayFixture.OnThread(() =>
    {
        using var window = PictureWindow.Create(new() { Size = new Size2d(64, 64) }, [new GlVersion(major, minor, api)]);
        Assert.Throws<ArgumentException>(() => window.Show(new byte[12], new FrameFormat(2, 2, PixelFormat.Rgb)));
        window.Show(new byte[16], new FrameFormat(2, 2, PixelFormat.Rgba));
        window.PollEvents();
        Assert.False(window.IsClosing);
        window.Close();
        Assert.True(window.IsClosing);
    });
}
