using System.Diagnostics;
using System.Globalization;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo;

/// <summary>
/// The demo in a window. The loop takes what is there: a frame if one has come, keys if some were pressed; it waits for the
/// monitor and for nothing else.
/// </summary>
/// <param name="options">What the user asked for.</param>
/// <param name="models">The models that can be shown.</param>
/// <param name="stats">Gets counts and times.</param>
/// <param name="notice">Gets what the user should know.</param>
internal sealed class WindowRun(DemoOptions options, ModelShelf models, RunStats stats, Action<string> notice)
{
    // When there is nothing new to show: short enough to be live, long enough to leave the processor alone.
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(2), LongNap = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RedrawAfter = TimeSpan.FromMilliseconds(250);
    private readonly DemoControls _controls = new(options.View, models);
    private Frame? _waiting;
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
        (stats.Renderer, stats.ComputesBeside) = (scene.Renderer, scene.ComputesBeside);
        window.KeyPressed += (_, press) => _redraw |= _controls.Press(press);
        window.FramebufferResized += (_, _) => _redraw = true;
        using var playback = new Playback(options, scene.Allocator, notice, loop: null);
        var drawnAt = TimeSpan.Zero;
        while (!window.IsClosing && !_controls.WantsToQuit && !interrupted.IsCancellationRequested
            && !(playback.HasEnded && scene.IsIdle) && stats.FramesShown < (options.Frames ?? long.MaxValue))
        {
            window.PollEvents();
            models.Suit(playback.Content);
            playback.Suit(models.Shown);
            Advance(playback, scene);
            scene.TryRecompute(_controls.Wanted);
            bool advanced = scene.HasNewPicture();
            if (advanced && scene.FrameNumber != _shownFrame)
            {
                _shownFrame = scene.FrameNumber;
                stats.CountShown();
            }

            stats.Source = playback.Status;
            if (remark is not null && stats.FramesShown > 0)
            {
                notice(remark);
                remark = null;
            }

            if (_controls.TakeScreenshotWish())
                Save(scene, playback, $"realtimecnn-{DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}.png");
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
            Screen.Draw(scene, _controls, stats, playback.Name, window.FramebufferSize);
            long presented = Stopwatch.GetTimestamp();
            show();
            stats.Record(Stage.Present, Stopwatch.GetElapsedTime(presented).TotalMilliseconds);
            _waitingSince += FrameClock.Now - drawnAt;
        }

        _waiting?.Dispose();
        if (playback.HasEnded)
            notice($"{playback.Name} ended after {RunStats.Frames(stats.FramesShown)}.");
        if (options.Screenshot is { } file && stats.FramesShown > 0)
            Save(scene, playback, file);
    }

    /// <summary>Brings the newest frame into the scene if there is one, and the scene and the user have time for it.</summary>
    private void Advance(Playback playback, Scene scene)
    {
        bool isWanted = playback.Obey(_controls);
        if (_controls.Paused)
        {
            // The user's time is no stage's.
            stats.Pause();
            _waitingSince = FrameClock.Now;
        }

        if (!isWanted)
            return;
        if (_waiting is null || (options.Delivery == FrameDelivery.Latest && !_controls.Paused))
        {
            if (playback.Take(TimeSpan.Zero, CancellationToken.None) is { } newer)
            {
                _waiting?.Dispose();
                _waiting = newer;
                stats.Record(Stage.Wait, (FrameClock.Now - _waitingSince).TotalMilliseconds);
                stats.Record(Stage.Decode, newer.DecodeTime.TotalMilliseconds);
            }
        }

        if (_waiting is null || !scene.TrySubmit(_waiting, _controls.Wanted))
        {
            _controls.KeepFrameWish();
            return;
        }

        _waiting.Dispose();
        _waiting = null;
        _waitingSince = FrameClock.Now;
    }

    // Draws the same picture once more, into memory.
    private void Save(Scene scene, Playback playback, string file)
    {
        long started = Stopwatch.GetTimestamp();
        scene.ToWindow = false;
        Screen.Draw(scene, _controls, stats, playback.Name, options.Size);
        var (pixels, format) = scene.ReadPicture();
        scene.ToWindow = true;
        Png.Write(file, pixels, format);
        notice($"Saved {file} in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms.");
    }
}
