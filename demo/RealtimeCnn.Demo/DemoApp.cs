using System.Globalization;
using RealtimeCnn.Camera;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Recordings;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.Silk;

namespace RealtimeCnn.Demo;

/// <summary>Runs the demo from its options to its exit code: picks window and backend, and writes the files that were asked for.</summary>
/// <param name="options">What the user asked for.</param>
/// <param name="messages">Gets what the user should know, one line each.</param>
/// <param name="settingsPath">File in which mode and window are remembered; null for none.</param>
internal sealed class DemoApp(DemoOptions options, TextWriter messages, string? settingsPath = null)
{
    private const string DefaultScreenshot = "realtimecnn-demo.png";
    private const int DefaultFrames = 100;
    private readonly RunStats _stats = new();
    private RunRecording? _recording;
    private int _code;

    /// <summary>Counts and times so far.</summary>
    internal RunStats Stats => _stats;

    /// <returns>0 when the run came to its end, 1 where a replay differs from what was recorded, 2 when what was asked for is impossible (one line says why).</returns>
    public int Run(CancellationToken interrupted)
    {
        try
        {
            VerifyWritable(options.Screenshot);
            VerifyWritable(options.Stats);
            using var recording = options.Replay is { } replay ? RunRecording.Open(replay) : null;
            if (recording != null)
                (_recording, options) = (recording, recording.Apply(options));
            using var models = new ModelShelf(options.Model, options.Labels);
            if (options.Window == "none" || !TryRunInWindow(models, interrupted))
                RunHeadless(models, interrupted);
            if (options.Stats is { } file)
                File.WriteAllText(file, _stats.ToJson());
            var network = _stats.Quantiles(Stage.Network);
            string damaged = _stats.Source.FramesCorrupt > 0 ? $", {_stats.Source.FramesCorrupt} damaged and left out" : string.Empty;
            Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{RunStats.Frames(_stats.FramesShown)} shown, {_stats.Source.FramesDropped} dropped{damaged}; network {network.P50:0.00} ms (p99 {network.P99:0.00}) on {_stats.Renderer}."));
            return _code;
        }
        catch (Exception problem) when (problem is CameraException or GlException or IOException or UnauthorizedAccessException or ModelFileException)
        {
            Say(problem.Message);
            return 2;
        }
    }

    // A window with compute shaders; else one that shows what the CPU computes; else none.
    private bool TryRunInWindow(ModelShelf models, CancellationToken interrupted)
    {
        // What a script does, or was recorded, is the same for every user.
        string? settings = options.Script == null && _recording == null ? settingsPath : null;
        var remembered = UserSettings.Load(settings, Say);
        var wanted = new WindowOptions { Size = options.IsSizeNamed ? options.Size : remembered.Size ?? options.Size };
        using var session = new Session(options, models, remembered.Mode, Say);
        session.Controls.WantsFullscreen = remembered.IsFullscreen;
        string? reason = null;
        bool isFree = options.Window == "auto";
        if (options.Backend != "cpu" && DeviceHosts.TryOpen(() => OpenWindow(wanted), host => host.Device.Info, isFree, options.MayBeSoftware, out reason) is { } host)
        {
            using (host)
            using (var scene = new GpuScene(host.Device, _stats, options.Backend) { ToWindow = true })
            {
                Play(session, host, scene, host.SwapBuffers, interrupted);
                Remember(host);
            }

            return true;
        }

        if (options.Backend == "gpu")
            throw new GlException($"{reason} --backend gpu asks for compute shaders in a window; with --window none they run without one.");
        PictureWindow window;
        try
        {
            window = PictureWindow.Create(wanted);
        }
        catch (GlException problem) when (isFree)
        {
            Say($"{problem.Message} Running without a window.");
            return false;
        }

        using (window)
        using (var scene = new CpuScene(_stats))
        {
            Play(session, window, scene, () => window.Show(scene.Picture, scene.PictureFormat), interrupted, OnCpu(reason));
            Remember(window);
        }

        return true;

        // The size is that of before the window filled the screen.
        void Remember(IGlWindow window)
        {
            bool isFullscreen = session.Controls.WantsFullscreen;
            var size = isFullscreen ? wanted.Size : new Size2d((int)(window.FramebufferSize.Height / window.ContentScale), (int)(window.FramebufferSize.Width / window.ContentScale));
            new UserSettings(session.Controls.Mode.Name, size.Width, size.Height, isFullscreen).Save(settings, Say);
        }
    }

    private IWindowHost OpenWindow(WindowOptions wanted)
    {
        // What is not built in is no news; which of several libraries it became is.
        SilkBackend silk = new();
        IWindowBackend[] adapters = options.Window == silk.Name || silk.WhyUnavailable is null ? [silk] : [];
        var (host, reason) = WindowHosts.Open(options.Window, wanted, options.Gl, adapters);
        if (adapters.Length > 0)
            Say($"{reason}.");
        return host!;
    }

    private void RunHeadless(ModelShelf models, CancellationToken interrupted)
    {
        // Who asked for a window gets what it would have shown; who gives a script, or takes the tour, gets each frame in turn.
        var asked = options.Window != "none" && options is { Script: null, Tour: false, Replay: null } ? options with { Frames = options.Frames ?? DefaultFrames, Screenshot = options.Screenshot ?? DefaultScreenshot } : options;
        if (options.Script != null || options.Tour)
            asked = asked with { Delivery = FrameDelivery.Every };
        using var session = new Session(asked, models, remembered: null, Say);
        using var offscreen = new OffscreenScene(options, _stats);
        Play(asked, session, offscreen.Scene, interrupted, offscreen.Remark);
    }

    private void Play(Session session, IGlWindow window, Scene scene, Action show, CancellationToken interrupted, string? remark = null)
    {
        if (_recording is { } recording)
            _code = new ReplayRun(recording, session.Controls, _stats, Say).Run(scene, interrupted, window, show);
        else
            new WindowRun(options, session, _stats, Say).Run(window, scene, show, interrupted, remark);
    }

    private void Play(DemoOptions asked, Session session, Scene scene, CancellationToken interrupted, string? remark = null)
    {
        if (_recording is { } recording)
            _code = new ReplayRun(recording, session.Controls, _stats, Say).Run(scene, interrupted);
        else
            new HeadlessRun(asked, session, _stats, Say).Run(scene, interrupted, remark);
    }

    private static string? OnCpu(string? reason) => reason is null ? null : $"{reason} Networks run on the CPU path.";

    private void Say(string text) => messages.WriteLine($"demo: {text.ReplaceLineEndings(" ")}");

    // Finding out after a long run that its result has nowhere to go would be late.
    private static void VerifyWritable(string? path)
    {
        if (path is null)
            return;
        bool existed = File.Exists(path);
        File.Open(path, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
        if (!existed)
            File.Delete(path);
    }
}
