using System.Diagnostics;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Images;

namespace RealtimeCnn.Demo;

/// <summary>The demo without a window: the same pictures, drawn into memory.</summary>
/// <param name="options">What the user asked for.</param>
/// <param name="models">The models that can be shown.</param>
/// <param name="stats">Gets counts and times.</param>
/// <param name="notice">Gets what the user should know.</param>
internal sealed class HeadlessRun(DemoOptions options, ModelShelf models, RunStats stats, Action<string> notice)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private readonly DemoControls _controls = new(options.View, models);
    private long _waitingSince;

    /// <summary>Plays until the wanted number of frames was shown, the source ends, or the user interrupts.</summary>
    /// <param name="scene">Draws into memory.</param>
    /// <param name="interrupted">Ctrl-C.</param>
    /// <param name="remark">Said once a frame is there; until then something that matters more may go wrong.</param>
    public void Run(Scene scene, CancellationToken interrupted, string? remark = null)
    {
        (stats.Renderer, stats.ComputesBeside) = (scene.Renderer, scene.ComputesBeside);
        using var playback = new Playback(options, scene.Allocator, notice, loop: false);
        _waitingSince = Stopwatch.GetTimestamp();
        while (stats.FramesShown < (options.Frames ?? long.MaxValue) && !playback.HasEnded && !interrupted.IsCancellationRequested)
        {
            ShowNext(playback, scene, interrupted);
            if (remark is not null && stats.FramesShown > 0)
            {
                notice(remark);
                remark = null;
            }
        }

        stats.Source = playback.Status;
        if (playback.HasEnded && options.Frames is { } wanted && stats.FramesShown < wanted)
            notice($"{playback.Name} ended after {stats.FramesShown} of {RunStats.Frames(wanted)}.");
        if (options.Screenshot is { } file && stats.FramesShown > 0)
        {
            var (pixels, format) = scene.ReadPicture();
            Png.Write(file, pixels, format);
            notice($"Saved the last picture as {file}.");
        }
    }

    private void ShowNext(Playback playback, Scene scene, CancellationToken interrupted)
    {
        models.Suit(playback.Content);
        playback.Suit(models.Shown);
        using var frame = TakeUnlessInterrupted(playback, interrupted);
        if (frame is null)
            return;
        stats.Record(Stage.Wait, Stopwatch.GetElapsedTime(_waitingSince).TotalMilliseconds);
        stats.Record(Stage.Decode, frame.DecodeTime.TotalMilliseconds);
        while (!scene.TrySubmit(frame, _controls.Wanted))
            scene.Finish();
        // Who shows each frame waits for it; a GPU draws it behind the network without that.
        while (!scene.HasNewPicture())
            scene.Finish();
        stats.CountShown();
        stats.Source = playback.Status;
        Screen.Draw(scene, _controls, stats, playback.Name, options.Size);
        _waitingSince = Stopwatch.GetTimestamp();
    }

    private static Frame? TakeUnlessInterrupted(Playback playback, CancellationToken interrupted)
    {
        try
        {
            return playback.Take(Patience, interrupted);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
