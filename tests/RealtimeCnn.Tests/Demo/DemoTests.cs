using System.Text.Json;
using RealtimeCnn.Camera;
using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Tests.Demo;

/// <summary>The demo without a window, from its command line to its files.</summary>
[Collection(OpenGL.GlTests.Name)]
public sealed class DemoTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-demo-").FullName;

    [Theory]
    [InlineData("gpu")]
    [InlineData("cpu")]
    public void A_run_shows_the_frames_it_was_asked_for_and_writes_picture_and_stats(string backend)
    {
        string screenshot = Path.Combine(_folder, "a.png"), stats = Path.Combine(_folder, "a.json");

        var (code, messages) = Run("--source", "pattern:320x240", "--frames", "5", "--pace", "every", "--screenshot", screenshot, "--stats", stats, "--size", "960x540", "--backend", backend);

        Assert.True(code == 0, messages);
        using var json = JsonDocument.Parse(File.ReadAllText(stats));
        var root = json.RootElement;
        Assert.Equal(["renderer", "framesIn", "framesShown", "framesDropped", "framesRepeated", "framesDamaged", "firstPictureMs", "framesPerSecond", "stages"], root.EnumerateObject().Select(property => property.Name));
        Assert.Equal(5, root.GetProperty("framesShown").GetInt64());
        Assert.Equal(0, root.GetProperty("framesDropped").GetInt64());
        Assert.Equal(0, root.GetProperty("framesDamaged").GetInt64());
        Assert.True(root.GetProperty("framesPerSecond").GetDouble() > 0);
        var stages = root.GetProperty("stages");
        Assert.Equal(["wait", "decode", "upload", "preprocess", "network", "readback", "draw", "present", "other", "frame", "age"], stages.EnumerateObject().Select(property => property.Name));
        Assert.All(stages.EnumerateObject(), stage =>
        {
            Assert.Equal(["p50Ms", "p95Ms", "p99Ms"], stage.Value.EnumerateObject().Select(quantile => quantile.Name));
            Assert.True(stage.Value.GetProperty("p50Ms").GetDouble() <= stage.Value.GetProperty("p99Ms").GetDouble());
        });
        // On the CPU the network reads the frame itself.
        string[] preprocessing = backend == "gpu" ? ["preprocess"] : [];
        foreach (string worked in (string[])["decode", .. preprocessing, "network", "readback", "draw", "frame"])
            Assert.True(stages.GetProperty(worked).GetProperty("p99Ms").GetDouble() > 0, $"{worked} took no time");
        using var picture = Photograph.Load(screenshot);
        Assert.Equal((960, 540), (picture.Format.Width, picture.Format.Height));
    }

    [Fact]
    public void The_same_runs_in_OpenGL_ES()
    {
        GlDeviceInfo? info = null;
        using var messages = new StringWriter();
        Assert.Equal(0, DemoOptions.Parse(["--gl", "es"], messages, options =>
        {
            using var host = EglHost.Create(options: options.Gl);
            info = host.Device.Info;
            return 0;
        }));
        Assert.Equal(GlClientApi.Embedded, info!.Version.Api);
        var (code, text) = Run("--source", "pattern:64x48", "--frames", "3", "--pace", "every", "--size", "320x240", "--backend", "gpu", "--gl", "es");
        Assert.True(code == 0, text);
    }

    [Fact]
    public void A_source_that_ends_early_ends_the_run_normally_and_says_so()
    {
        string photograph = Path.Combine(_folder, "one.png");
        Png.Write(photograph, new byte[64 * 48 * 3], new FrameFormat(64, 48, PixelFormat.Rgb));

        var (code, messages) = Run("--source", photograph, "--frames", "10", "--pace", "every", "--size", "320x240");

        Assert.Equal(0, code);
        Assert.Contains("one.png ended after 1 of 10 frames.", messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_for_a_slow_source_counts_as_waiting_however_long_it_takes()
    {
        string stats = Path.Combine(_folder, "slow.json");
        var (code, messages) = Run("--source", "pattern:160x120@2", "--frames", "4", "--size", "320x240", "--backend", "cpu", "--stats", stats);
        Assert.True(code == 0, messages);
        using var json = JsonDocument.Parse(File.ReadAllText(stats));
        Assert.True(json.RootElement.GetProperty("stages").GetProperty("wait").GetProperty("p99Ms").GetDouble() > 150, json.RootElement.GetRawText());
    }

    /// <summary>What only the GPU path does must be reachable on any device: by name it runs there, and a choice left to us is explained in one line.</summary>
    [Fact]
    public void The_GPU_runs_where_it_is_asked_for_and_software_only_then()
    {
        string stats = Path.Combine(_folder, "backend.json");
        foreach (string backend in (string[])["gpu", "auto", "cpu"])
        {
            var (code, messages) = Run("--source", "pattern:160x120", "--frames", "2", "--pace", "every", "--size", "320x240", "--backend", backend, "--stats", stats);
            Assert.Equal(0, code);
            using var json = JsonDocument.Parse(File.ReadAllText(stats));
            string renderer = json.RootElement.GetProperty("renderer").GetString()!;
            bool isSoftware = messages.Contains("OpenGL in software", StringComparison.Ordinal);
            Assert.Equal(backend == "cpu" || isSoftware, renderer.StartsWith("CPU path", StringComparison.Ordinal));
            Assert.True(backend == "auto" || !isSoftware, messages);
        }
    }

    [Theory]
    [InlineData("auto", "auto", true, true)]
    [InlineData("auto", "none", true, true)]
    [InlineData("auto", "glfw", true, false)]
    [InlineData("gpu", "auto", true, false)]
    [InlineData("auto", "auto", false, false)]
    public void Software_OpenGL_is_passed_over_only_where_the_choice_is_free(string backend, string window, bool isSoftware, bool passedOver)
    {
        var options = new DemoOptions { Source = "pattern", Backend = backend, Window = window };
        var device = new GlDeviceInfo("maker", "renderer", "driver", new GlVersion(4, 5), isSoftware, true, true, ReadPath.Buffer);
        var host = DeviceHosts.TryOpen(() => new MemoryStream(), _ => device, mayFail: false, options.MayBeSoftware, out string? reason);
        Assert.Equal(passedOver, host == null);
        Assert.Equal(passedOver, reason?.Contains("'renderer' is OpenGL in software", StringComparison.Ordinal) ?? false);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_device_that_does_not_open_is_the_reason_for_the_CPU_or_the_error(bool mayFail)
    {
        static MemoryStream Open() => throw new GlException("no display");
        string? reason = null;
        var error = Record.Exception(() => DeviceHosts.TryOpen(Open, _ => throw new InvalidOperationException(), mayFail, true, out reason));
        Assert.Equal(mayFail ? "no display" : null, reason);
        Assert.Equal(mayFail ? null : "no display", error?.Message);
    }

    [Fact]
    public void A_host_that_is_not_taken_is_closed()
    {
        var device = new GlDeviceInfo("maker", "renderer", "driver", new GlVersion(4, 5), true, true, true, ReadPath.Buffer);
        var host = new MemoryStream();
        Assert.Null(DeviceHosts.TryOpen(() => host, _ => device, mayFail: true, mayBeSoftware: false, out _));
        Assert.False(host.CanRead);
    }

    [Theory]
    [InlineData("model")]
    [InlineData("find")]
    public void Without_a_source_and_without_a_camera_the_demo_draws_its_pictures_and_says_so(string mode)
    {
        if (CameraDevices.List().Count > 0)
            return; // Then the camera plays.
        var (code, messages) = Run("--frames", "2", "--pace", "every", "--size", "320x240", "--mode", mode);
        Assert.Equal(0, code);
        Assert.Contains("The demo draws its pictures itself.", messages, StringComparison.Ordinal);
        Assert.DoesNotContain("written digits", messages, StringComparison.Ordinal);
        Assert.Contains("2 frames shown", messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model", "digits", "digits")]
    [InlineData("find", null, "numbers")]
    [InlineData("filters", null, "pattern")]
    [InlineData("draw", null, "auto")]
    public void What_stands_in_for_a_camera_suits_the_mode(string mode, string? model, string scene)
    {
        if (CameraDevices.List().Count > 0)
            return; // Then the camera plays.
        using var models = new ModelShelf(model);
        using var session = new Session(new DemoOptions { Source = DemoOptions.AnySource, Mode = mode }, models, null, _ => { });
        session.Start(null, loop: null);
        session.Controls.Advance(TimeSpan.FromSeconds(1));
        for (Frame? frame = null; frame == null; frame?.Dispose())
            frame = session.Take(TimeSpan.FromSeconds(10), CancellationToken.None);
        Assert.Equal(scene, session.SourceName);
        Assert.Equal(mode, session.Controls.Mode.Name);
    }

    [Fact]
    public void A_camera_that_was_asked_for_and_is_not_there_is_an_error()
    {
        var (code, messages) = Run("--source", "camera:no-such-camera-here", "--frames", "2", "--pace", "every", "--size", "320x240");
        Assert.NotEqual(0, code);
        Assert.Contains("no-such-camera-here is not there", messages, StringComparison.Ordinal);
        Assert.DoesNotContain("digits instead", messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'--sourse'", "--sourse", "x")]
    [InlineData("at least 1", "--frames", "0")]
    [InlineData("--frames 'NaN'", "--frames", "NaN")]
    [InlineData("--pace 'sometimes' is not possible; it is one of: every, realtime.", "--pace", "sometimes")]
    [InlineData("--size", "--size", "12")]
    [InlineData("one of: draw, find", "--mode", "sleep")]
    [InlineData("--scene is one of the mode explore, not of find.", "--mode", "find", "--scene", "shift")]
    [InlineData("one of: stack, dilation", "--scene", "mountains")]
    [InlineData("The script cannot be read", "--script", "no/such/script.txt")]
    [InlineData("must end in .png", "--screenshot", "a.jpg")]
    [InlineData("no-such-file.mp4", "--source", "no-such-file.mp4")]
    [InlineData("no/such/folder", "--source", "pattern", "--frames", "1", "--screenshot", "no/such/folder/a.png")]
    public void Wrong_usage_is_one_line_and_exit_code_2(string mention, params string[] arguments)
    {
        var (code, messages) = Run(arguments);
        Assert.Equal(2, code);
        Assert.Contains(mention, messages, StringComparison.Ordinal);
        Assert.Equal(1, messages.Count(character => character == '\n'));
        Assert.DoesNotContain("   at ", messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_video_is_one_line_and_exit_code_2()
    {
        string file = Path.Combine(_folder, "text.mp4");
        File.WriteAllText(file, "no video");
        var (code, messages) = Run("--source", file, "--frames", "1");
        Assert.Equal(2, code);
        Assert.Contains("text.mp4", messages, StringComparison.Ordinal);
        Assert.Equal(1, messages.Count(character => character == '\n'));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (int Code, string Messages) Run(params string[] arguments)
    {
        using var messages = new StringWriter();
        int code = DemoOptions.Parse([.. arguments, "--window", "none"], messages, options => new DemoApp(options, messages).Run(CancellationToken.None));
        return (code, messages.ToString());
    }
}
