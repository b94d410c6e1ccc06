using System.Runtime.InteropServices;
using RealtimeCnn.Camera;
using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Studio.Serving;
using RealtimeCnn.Studio.Watching;

namespace RealtimeCnn.Studio;

/// <summary>Plays the demo on the caller's thread, without a window, and serves its page on others.</summary>
/// <param name="options">What the user asked for.</param>
/// <param name="messages">Gets what the user should know, one line each.</param>
internal sealed class StudioRun(StudioOptions options, TextWriter messages)
{
    // A demo that fails more often than this is beyond help.
    private const int MostFailures = 5;
    private static readonly TimeSpan FailuresWithin = TimeSpan.FromMinutes(1);
    private readonly Queue<TimeSpan> _failures = new();
    private bool _isOpen;

    /// <summary>Told where the page is, once the demo runs behind it.</summary>
    public Action<Uri>? Listening { get; init; }

    /// <summary>What the page's server and the demo share, while it plays.</summary>
    internal SharedState? Shared { get; private set; }

    /// <summary>Plays until the user interrupts or the source ends.</summary>
    /// <exception cref="StudioException">The page cannot be served there.</exception>
    /// <exception cref="ModelFileException">The model that the user named cannot be shown.</exception>
    /// <exception cref="CameraException">The source cannot be played, or the library that compresses pictures is missing.</exception>
    public void Run(CancellationToken interrupted)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            ended.Cancel();
        });
        var models = new ModelShelf(options.Demo.Model, options.Demo.Labels);
        try
        {
            using var viewers = new Viewers();
            using var uploads = new Uploads(options.MostModelBytes);
            var shared = Shared = new SharedState(viewers, uploads);
            using var server = PageServer.Start(options, shared);
            string? said = null;
            do
            {
                said = Play(shared, models, said, () => Open(server), ended.Token);
                if (said == null)
                    return;
                // What was dropped may be what failed.
                models.Dispose();
                models = new ModelShelf(options.Demo.Model, options.Demo.Labels);
            }
            while (!ended.IsCancellationRequested);
        }
        finally
        {
            models.Dispose();
        }
    }

    /// <returns>What went wrong, where the demo has to begin again; null where it came to its end.</returns>
    private string? Play(SharedState shared, ModelShelf models, string? said, Action shown, CancellationToken ended)
    {
        var stats = new RunStats();
        try
        {
            using var session = new Session(options.Demo, models, remembered: null, Say);
            if (said != null)
                session.Controls.Say(said);
            using var offscreen = new OffscreenScene(options.Demo, stats);
            using var window = new PageWindow(options.Demo.Size);
            using var demo = new RunningDemo(window, session, offscreen.Scene, stats, shared.Viewers);
            shared.Demo = demo;
            new WindowRun(options.Demo, session, stats, Say).Run(window, offscreen.Scene, Show, ended, offscreen.Remark);
            return null;

            void Show()
            {
                demo.Show();
                shown();
            }
        }
#pragma warning disable CA1031 // Whatever the demo made of its input, the page and its other visitors live on.
        catch (Exception problem) when (_isOpen && problem is not CameraException && MayGoOn())
#pragma warning restore CA1031
        {
            string text = $"The demo began again, because of: {problem.Message.ReplaceLineEndings(" ")}";
            Say(text);
            return text;
        }
        finally
        {
            shared.Demo = null;
        }
    }

    private bool MayGoOn()
    {
        var now = Images.FrameClock.Now;
        while (_failures.TryPeek(out var first) && now - first > FailuresWithin)
            _failures.Dequeue();
        _failures.Enqueue(now);
        return _failures.Count <= MostFailures;
    }

    private void Open(PageServer server)
    {
        if (_isOpen)
            return;
        _isOpen = true;
        Listening?.Invoke(server.Address);
    }

    private void Say(string text) => messages.WriteLine($"rtcnn: note: {text.ReplaceLineEndings(" ")}");
}
