using System.Diagnostics;
using RealtimeCnn.Demo.Clips;
using RealtimeCnn.Demo.Recordings;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Scripts;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Images;

namespace RealtimeCnn.Demo;

/// <summary>
/// The demo without a window: the same pictures, drawn into memory. Its clock counts pictures, a thirtieth of a second each, so that what
/// moves by itself and what a script does is the same in every run.
/// </summary>
/// <param name="options">What the user asked for.</param>
/// <param name="session">Modes and source.</param>
/// <param name="stats">Gets counts and times.</param>
/// <param name="notice">Gets what the user should know.</param>
internal sealed class HeadlessRun(DemoOptions options, Session session, RunStats stats, Action<string> notice)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private readonly ScriptPlayer _script = new(options.Script);

    // Nobody but a script can ask for a clip here.
    private readonly ClipSaver? _clips = options.Script?.Actions.Any(action => action is ScriptAction.Clip or ScriptAction.Key { Press.Key: ConsoleKey.V }) == true ? new ClipSaver() : null;
    private long _waitingSince;

    /// <summary>Told after each picture, on the same thread.</summary>
    public Action<Session>? Shown { get; init; }

    /// <summary>Plays until the wanted number of frames was shown, the source or the script ends, or the user interrupts.</summary>
    /// <param name="scene">Draws into memory.</param>
    /// <param name="interrupted">Ctrl-C.</param>
    /// <param name="remark">Said once a frame is there; until then something that matters more may go wrong.</param>
    public void Run(Scene scene, CancellationToken interrupted, string? remark = null)
    {
        (stats.Renderer, stats.ComputesBeside) = (scene.Renderer, scene.ComputesBeside);
        using var recorder = RunRecorder.Begin(options, session.Controls, scene, stats, notice);
        try
        {
            Show(scene, remark, interrupted);
        }
        finally
        {
            session.Stop();
        }
    }

    // Of a run that has an end of its own: all that was asked for was played.
    private bool IsOver => (options.Tour || _script.IsOver) && (options.Script == null || _script.IsOver) && !session.Controls.IsTouring;

    private void Show(Scene scene, string? remark, CancellationToken interrupted)
    {
        session.Start(scene.Allocator, loop: false);
        _waitingSince = Stopwatch.GetTimestamp();
        while (stats.FramesShown < (options.Frames ?? long.MaxValue) && !session.HasEnded && !interrupted.IsCancellationRequested)
        {
            var now = TimeSpan.FromSeconds(stats.FramesShown / Script.FramesPerSecond);
            _script.Play(now, stats.FramesShown, session.Controls);
            session.Controls.Advance(now);
            session.Controls.Mode.Finish();
            if (!ShowNext(scene, interrupted))
            {
                if (session.Controls.WantsToQuit && !session.IsSeeking)
                    break;
                continue;
            }

            Shown?.Invoke(session);
            while (_script.TakeShot() is { } shot)
                Save(scene, shot);
            KeepClip(scene, now);
            if (session.Controls.WantsToQuit || (options.Frames == null && IsOver))
                break;
            if (remark is not null && stats.FramesShown > 0)
            {
                notice(remark);
                remark = null;
            }
        }

        if (_clips?.TakeNews(wait: true) is { } news)
            notice(news);
        stats.Source = session.Status;
        if (session.HasEnded && options.Frames is { } wanted && stats.FramesShown < wanted)
            notice($"{session.SourceName} ended after {stats.FramesShown} of {RunStats.Frames(wanted)}.");
        if (options.Screenshot is { } file && stats.FramesShown > 0)
        {
            Save(scene, file);
            notice($"Saved the last picture as {file}.");
        }
    }

    /// <summary>Draws the next picture.</summary>
    /// <returns>False where there is none yet.</returns>
    private bool ShowNext(Scene scene, CancellationToken interrupted)
    {
        using (var frame = session.Take(Patience, interrupted))
        {
            // A pause and a board on which nobody writes have no new picture; a slow source and a jump in a video are waited for.
            if (frame is null && (!session.StandsStill || session.IsSeeking))
                return false;
            if (frame != null)
            {
                stats.Record(Stage.Wait, Stopwatch.GetElapsedTime(_waitingSince).TotalMilliseconds);
                stats.Record(Stage.Decode, frame.DecodeTime.TotalMilliseconds);
                while (!scene.TrySubmit(frame, session.Controls.Mode.Network))
                    scene.Finish();
            }
        }

        // Who shows each frame waits for it; a GPU draws it behind the network without that.
        while (!scene.HasNewPicture() && !scene.IsIdle)
            scene.Finish();
        if (session.TryRecompute(scene))
            scene.Finish();
        scene.HasNewPicture();

        stats.CountShown();
        stats.Source = session.Status;
        Screen.Draw(scene, session.Controls, stats, session.SourceName, options.Size);
        stats.NotePresented();
        // Who shows every frame may be behind the clock of the source, or before it.
        if (options.Delivery == FrameDelivery.Latest && scene.FrameNumber >= 0)
            stats.Record(Stage.Age, (FrameClock.Now - scene.TakenAt).TotalMilliseconds);
        _waitingSince = Stopwatch.GetTimestamp();
        return true;
    }

    private void KeepClip(Scene scene, TimeSpan now)
    {
        if (_clips is not { } clips)
            return;
        if (scene.FrameNumber >= 0)
            clips.Keep(scene, now);
        if ((_script.TakeClip() ?? (session.Controls.TakeClipWish() ? ClipSaver.NewPath : null)) is { } clip)
            notice(clips.Save(clip));
        if (clips.TakeNews() is { } news)
            notice(news);
    }

    private static void Save(Scene scene, string file)
    {
        var (pixels, format) = scene.ReadPicture();
        Png.Write(file, pixels, format);
    }
}
