using System.Diagnostics;
using System.Globalization;
using RealtimeCnn.Demo.Clips;
using RealtimeCnn.Demo.Recordings;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Scripts;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo;

/// <summary>
/// The demo in a window. The loop takes what is there: a frame if one has come, keys and mouse if they were used; it waits for the
/// monitor and for nothing else.
/// </summary>
/// <param name="options">What the user asked for.</param>
/// <param name="session">Modes and source.</param>
/// <param name="stats">Gets counts and times.</param>
/// <param name="notice">Gets what the user should know.</param>
internal sealed class WindowRun(DemoOptions options, Session session, RunStats stats, Action<string> notice)
{
    // When there is nothing new to show: short enough to be live, long enough to leave the processor alone.
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(2), LongNap = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RedrawAfter = TimeSpan.FromMilliseconds(250), SwapBudget = TimeSpan.FromMilliseconds(4);
    private readonly DemoControls _controls = session.Controls;
    private readonly ScriptPlayer _script = new(options.Script);
    private readonly Queue<Action> _deeds = new();
    private Frame? _waiting;
    private bool _waitingFor;
    private TimeSpan _waitingSince = FrameClock.Now;
    private bool _redraw = true;
    private long _shownFrame = -1;

    /// <summary>Plays until the window closes, the wanted number of frames was shown, the source ends, or the user interrupts.</summary>
    /// <param name="window">The window, whose context the scene uses.</param>
    /// <param name="scene">Draws what the window shows.</param>
    /// <param name="show">Brings what was drawn onto the screen.</param>
    /// <param name="interrupted">Ctrl-C.</param>
    /// <param name="remark">Said once a frame is there; until then something that matters more may go wrong.</param>
    public void Run(IGlWindow window, Scene scene, Action show, CancellationToken interrupted, string? remark = null)
    {
        (stats.Renderer, stats.ComputesBeside, scene.SwapBudget) = (scene.Renderer, scene.ComputesBeside, SwapBudget);
        window.KeyPressed += (_, press) => Do(() => _redraw |= _controls.Press(press));
        window.CharacterTyped += (_, letter) => Do(() => _redraw |= _controls.Type(letter));
        window.KeyReleased += (_, key) => Do(() => _controls.Release(key));
        window.PointerUsed += (_, used) => Do(() =>
        {
            _controls.Point(used);
            _redraw = true;
        });
        window.FilesDropped += (_, paths) => Do(() =>
        {
            _controls.Drop(paths);
            _redraw = true;
        });
        window.FramebufferResized += (_, _) => _redraw = true;
        using var clips = new ClipSaver();
        using var recorder = RunRecorder.Begin(options, _controls, scene, stats, notice);
        try
        {
            Show(window, scene, show, clips, remark, interrupted);
        }
        finally
        {
            _waiting?.Dispose();
            session.Stop();
        }
    }

    private void Show(IGlWindow window, Scene scene, Action show, ClipSaver clips, string? remark, CancellationToken interrupted)
    {
        session.Start(scene.Allocator, loop: null);
        var (begun, drawnAt) = (FrameClock.Now, TimeSpan.Zero);
        while (!window.IsClosing && !_controls.WantsToQuit && !interrupted.IsCancellationRequested
            && !(session.HasEnded && scene.IsIdle) && stats.FramesShown < (options.Frames ?? long.MaxValue))
        {
            window.PollEvents();
            if (!MustWait(scene))
            {
                while (_deeds.TryDequeue(out var deed))
                    deed();
                _redraw |= _script.Play(FrameClock.Now - begun, stats.FramesShown, _controls);
                _redraw |= _controls.Advance(FrameClock.Now - begun);
            }

            if (window.IsFullscreen != _controls.WantsFullscreen)
                window.IsFullscreen = _controls.WantsFullscreen;
            Advance(scene);
            session.TryRecompute(scene);
            // Right after a change of networks there may be a new result and no picture to draw.
            bool advanced = scene.HasNewPicture(), isNew = advanced && scene.FrameNumber >= 0 && scene.FrameNumber != _shownFrame;
            if (isNew)
            {
                _shownFrame = scene.FrameNumber;
                stats.CountShown();
            }

            stats.Source = session.Status;
            if (remark is not null && stats.FramesShown > 0)
            {
                notice(remark);
                remark = null;
            }

            if (_controls.TakeScreenshotWish())
                _controls.Say(Save(scene, window, $"realtimecnn-{DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}.png"));
            if ((_script.TakeClip() ?? (_controls.TakeClipWish() ? ClipSaver.NewPath : null)) is { } clip)
                _controls.Say(clips.Save(clip));
            if (clips.TakeNews() is { } news)
            {
                _controls.Say(news);
                _redraw = true;
            }

            if (window.IsMinimized)
            {
                window.WaitEvents(LongNap);
                continue;
            }

            if (!advanced && !_redraw && FrameClock.Now - drawnAt < RedrawAfter)
            {
                window.WaitEvents(Nap);
                continue;
            }

            (_redraw, drawnAt) = (false, FrameClock.Now);
            Screen.Draw(scene, _controls, stats, session.SourceName, window.FramebufferSize, window.ContentScale);
            clips.Keep(scene, drawnAt - begun);
            long presented = Stopwatch.GetTimestamp();
            show();
            stats.NotePresented();
            stats.Record(Stage.Present, Stopwatch.GetElapsedTime(presented).TotalMilliseconds);
            if (isNew && options.Delivery == FrameDelivery.Latest)
                stats.Record(Stage.Age, (FrameClock.Now - scene.TakenAt).TotalMilliseconds);
            _waitingSince += FrameClock.Now - drawnAt;
            while (_script.TakeShot() is { } shot)
                Save(scene, window, shot);
        }

        if (clips.TakeNews(wait: true) is { } last)
            notice(last);
        if (session.HasEnded)
            notice($"{session.SourceName} ended after {RunStats.Frames(stats.FramesShown)}.");
        if (options.Screenshot is { } file && stats.FramesShown > 0)
            notice(Save(scene, window, file));
    }

    // While a run is recorded, what the user does comes between two pictures of a network that runs beside: else chance decides whether
    // the one under way has the weights from before or after.
    private bool MustWait(Scene scene) => _controls.Recorder != null && scene.ComputesBeside && scene.IsComputing();

    private void Do(Action deed)
    {
        if (_controls.Recorder == null)
            deed();
        else
            _deeds.Enqueue(deed);
    }

    /// <summary>Brings the newest frame into the scene if there is one, and the scene and the user have time for it.</summary>
    private void Advance(Scene scene)
    {
        if (session.StandsStill)
        {
            // The user's time is no stage's.
            stats.Pause();
            _waitingSince = FrameClock.Now;
        }

        // The picture of another mode's source, or one too many, or of where the video is no more.
        if (_waitingFor != _controls.Mode.HasOwnPictures || _controls.Mode.IsFrozen || _controls.WantsToSeek)
        {
            _waiting?.Dispose();
            (_waiting, _waitingFor) = (null, _controls.Mode.HasOwnPictures);
        }

        if (_waiting is null || (options.Delivery == FrameDelivery.Latest && !session.StandsStill))
        {
            if (session.Take(TimeSpan.Zero, CancellationToken.None) is { } newer)
            {
                _waiting?.Dispose();
                _waiting = newer;
                stats.Record(Stage.Wait, (FrameClock.Now - _waitingSince).TotalMilliseconds);
                stats.Record(Stage.Decode, newer.DecodeTime.TotalMilliseconds);
            }
        }

        if (_waiting is null || !scene.TrySubmit(_waiting, _controls.Mode.Network))
            return;

        _waiting.Dispose();
        _waiting = null;
        _waitingSince = FrameClock.Now;
    }

    // Draws the same picture once more, into memory.
    private string Save(Scene scene, IGlWindow window, string file)
    {
        long started = Stopwatch.GetTimestamp();
        scene.ToWindow = false;
        Screen.Draw(scene, _controls, stats, session.SourceName, options.Size);
        var (pixels, format) = scene.ReadPicture();
        scene.ToWindow = window is IWindowHost;
        Png.Write(file, pixels, format);
        return $"Saved {file} in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms.";
    }
}
