using System.Diagnostics;
using RealtimeCnn.Demo.Pipelines;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo;

/// <summary>The demo without a window: the same pictures, drawn into memory.</summary>
/// <param name="options">What the user asked for.</param>
/// <param name="stats">Gets counts and times.</param>
/// <param name="notice">Gets what the user should know.</param>
internal sealed class HeadlessRun(DemoOptions options, RunStats stats, Action<string> notice)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private readonly NetworkSettings _settings = NetworkSettings.Default;
    private readonly Overview _view = new();

    /// <summary>Plays until the wanted number of frames was shown, the source ends, or the user interrupts.</summary>
    public void Run(CancellationToken interrupted)
    {
        using var host = EglHost.Create();
        using var pipeline = new GpuPipeline(host.Device, stats, offscreen: true);
        stats.Renderer = pipeline.Renderer;
        using var playback = new Playback(options.Source, options.Delivery, pipeline.Allocator, notice);
        while (stats.FramesShown < (options.Frames ?? long.MaxValue) && !playback.HasEnded && !interrupted.IsCancellationRequested)
            ShowNext(playback, pipeline, interrupted);

        stats.Source = playback.Status;
        if (playback.HasEnded && options.Frames is { } wanted && stats.FramesShown < wanted)
            notice($"{playback.Name} ended after {stats.FramesShown} of {wanted} frames.");
        if (options.Screenshot is { } file && stats.FramesShown > 0)
        {
            var (pixels, format) = pipeline.ReadPicture();
            Png.Write(file, pixels, format);
        }
    }

    private void ShowNext(Playback playback, Pipeline pipeline, CancellationToken interrupted)
    {
        long started = Stopwatch.GetTimestamp();
        using var frame = TakeUnlessInterrupted(playback, interrupted);
        if (frame is null)
            return;
        stats.Record(Stage.Wait, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        stats.Record(Stage.Decode, frame.DecodeTime.TotalMilliseconds);
        while (!pipeline.TrySubmit(frame, _settings))
            pipeline.Finish();
        stats.CountShown();
        stats.Source = playback.Status;
        Screen.Draw(pipeline, _view, _settings, stats, playback.Name, options.Size);
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
