using RealtimeCnn.Camera;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Recordings;

/// <summary>Plays a recorded run once more, step by step: each picture to the network that had it, keys and mouse where they were, and compares each result. In a window it goes at the speed of then, else as fast as it can.</summary>
/// <param name="recording">The run.</param>
/// <param name="controls">Of the demo, as it is started for the recording.</param>
/// <param name="stats">Gets counts and times.</param>
/// <param name="notice">Gets what the user should know, the outcome last.</param>
internal sealed class ReplayRun(RunRecording recording, DemoControls controls, RunStats stats, Action<string> notice)
{
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(20);

    // A result comes at most a few pictures after its own.
    private readonly (long Computed, string Network, ResultValues Values)[] _came = [.. Enumerable.Range(0, 16).Select(_ => (-1L, "", new ResultValues()))];
    private readonly HashSet<long> _without = [];
    private readonly HashSet<string> _modelsSeen = [];
    private Frame? _next;
    private long _computed;
    private bool _isLastMissing, _hasEnded, _hasMore = true;

    /// <summary>Plays it.</summary>
    /// <param name="scene">Computes and draws.</param>
    /// <param name="interrupted">Ctrl-C.</param>
    /// <param name="window">Shows it; null for none.</param>
    /// <param name="show">Brings what was drawn into the window.</param>
    /// <returns>0 where all results are the same, 1 where some are not, or pictures are damaged.</returns>
    public int Run(Scene scene, CancellationToken interrupted, IGlWindow? window = null, Action? show = null)
    {
        bool isOnCpu = recording.Header.Backend == "cpu" && scene.ComputesBeside;
        var tally = new ReplayTally(isExact: isOnCpu && recording.Header.VectorBits == RecordingHeader.ThisVectorBits);
        (stats.Renderer, stats.ComputesBeside) = (scene.Renderer, scene.ComputesBeside);
        scene.ResultArrived += Arrived;
        bool isClosed = false;
        if (window != null)
            window.KeyPressed += (_, press) => isClosed |= press.Key is ConsoleKey.Q or ConsoleKey.Escape;
        try
        {
            TimeSpan? begun = null;
            while (_hasMore && !interrupted.IsCancellationRequested && recording.NextStep() is { } step)
            {
                begun ??= FrameClock.Now - step.Time;
                if (window != null && (isClosed = isClosed || !Wait(window, begun.Value + step.Time, () => isClosed || interrupted.IsCancellationRequested)))
                    break;
                controls.Advance(step.Time);
                Do(step, scene, tally, window, show, interrupted);
            }
        }
        catch (OperationCanceledException)
        {
            // What was compared so far is said.
        }
        finally
        {
            scene.ResultArrived -= Arrived;
            _next?.Dispose();
        }

        return Say(tally, wasLeft: isClosed || interrupted.IsCancellationRequested);

        void Arrived(object? sender, LiveResult result)
        {
            ref var slot = ref _came[_computed % _came.Length];
            (slot.Computed, slot.Network) = (_computed, ResultValues.NameOf(scene.Network!));
            slot.Values.Take(result, scene, mayWait: recording.Header.Backend == "cpu");
        }
    }

    private void Do(RecordedStep step, Scene scene, ReplayTally tally, IGlWindow? window, Action? show, CancellationToken interrupted)
    {
        switch (step.Kind)
        {
            case StepKind.Picture:
                Submit(step, scene, interrupted);
                break;
            case StepKind.Again when _isLastMissing:
                _without.Add(step.Computed);
                break;
            case StepKind.Again:
                _computed = step.Computed;
                scene.TryRecompute(controls.Mode.Network, changed: true);
                scene.Finish();
                break;
            case StepKind.Result when !_without.Contains(step.Computed):
                Compare(step, tally);
                break;
            case StepKind.Draw:
                Draw(step, scene, window, show);
                break;
            case StepKind.Key:
                controls.Press(step.Press);
                break;
            case StepKind.Release:
                controls.Release(step.Press.Key);
                break;
            case StepKind.Type:
                controls.Type(step.Name.EnumerateRunes().First());
                break;
            case StepKind.Scene:
                controls.ChooseScene(step.Name);
                break;
            case StepKind.Pointer:
                controls.PointAt(step.Used);
                break;
            case StepKind.Drop:
                controls.Drop(step.Files);
                break;
            case StepKind.Mode:
                controls.Choose(step.Name);
                break;
            case StepKind.Content:
                controls.Suit(Enum.Parse<PictureContent>(step.Name));
                break;
            case StepKind.Model when _modelsSeen.Add(step.Name):
                CheckModel(step);
                break;
            case StepKind.End:
                _hasEnded = true;
                SayCounts(step);
                break;
        }
    }

    private void Submit(RecordedStep step, Scene scene, CancellationToken interrupted)
    {
        _next ??= recording.NextPicture(interrupted);
        if (_next is not { } frame)
        {
            _hasMore = false;
            return;
        }

        // The log knows each picture; one that was damaged is left out by the source, and the next one waits for its step.
        var hash = default(PixelFingerprint);
        hash.Add(frame.Pixels);
        _isLastMissing = frame.Sequence != step.Sequence || hash.Value != step.Pixels;
        if (_isLastMissing)
            _without.Add(step.Computed);
        if (_isLastMissing && frame.Sequence != step.Sequence)
            return;
        _next = null;
        using (frame)
        {
            if (_isLastMissing)
                return;
            _computed = step.Computed;
            while (!scene.TrySubmit(frame, step.IsWanted ? controls.Mode.Network : scene.Network ?? controls.Mode.Network))
                scene.Finish();
            scene.Finish();
            scene.HasNewPicture();
            stats.CountShown();
        }
    }

    private void Compare(RecordedStep step, ReplayTally tally)
    {
        ref var came = ref _came[step.Computed % _came.Length];
        if (came.Computed != step.Computed)
            tally.Missing($"picture {step.Computed}: network '{step.Name}' had a result, and there is none now");
        else if (came.Network != step.Name)
            tally.Missing($"picture {step.Computed}: network '{step.Name}' computed it, and '{came.Network}' does now");
        else
            tally.Compare(step.Computed, step.Name, step.Values, came.Values);
    }

    // What the mouse hits is where it was drawn last: as large as then, whatever the window is now.
    private void Draw(RecordedStep step, Scene scene, IGlWindow? window, Action? show)
    {
        (controls.Around.IsMirrored, controls.Around.Position) = (step.IsMirrored, step.Position);
        string name = Path.GetFileName(recording.Path);
        if (window == null)
        {
            Screen.Draw(scene, controls, stats, name, step.Size, step.Density);
            return;
        }

        Screen.Draw(scene, controls, stats, name, window.FramebufferSize, window.ContentScale);
        show!();
        if (window.FramebufferSize == step.Size && window.ContentScale == step.Density)
            return;
        bool toWindow = scene.ToWindow;
        scene.ToWindow = false;
        Screen.Draw(scene, controls, stats, name, step.Size, step.Density);
        scene.ToWindow = toWindow;
    }

    // Whether there is still a window at that moment.
    private static bool Wait(IGlWindow window, TimeSpan moment, Func<bool> isOver)
    {
        window.PollEvents();
        while (!window.IsClosing && !isOver() && moment - FrameClock.Now is var left && left > TimeSpan.Zero)
            window.WaitEvents(left < Nap ? left : Nap);
        return !window.IsClosing && !isOver();
    }

    private void CheckModel(RecordedStep step)
    {
        string hash = RunRecorder.HashOf(step.Name);
        if (hash != step.Hash)
            notice($"The model '{step.Name}' {(hash.Length == 0 ? "cannot be read any more" : "is another one than when this was recorded")}: results will differ.");
    }

    private void SayCounts(RecordedStep step)
    {
        var (dropped, repeated, damaged, lost) = step.Counts;
        string left = lost > 0 ? $", {lost} computed and not recorded" : "";
        notice($"Of the source, {dropped} were dropped, {repeated} repeated, {damaged} damaged{left}, when this was recorded.");
    }

    private int Say(ReplayTally tally, bool wasLeft)
    {
        if (!_hasEnded && !wasLeft)
            notice($"The recording '{recording.Path}' breaks off after {RunStats.Frames(stats.FramesShown)}; it was played up to there.");
        long damaged = _without.Count;
        if (damaged > 0)
            notice($"{damaged} {(damaged == 1 ? "picture is" : "pictures are")} damaged, the first with number {_without.Min()}; what networks made of {(damaged == 1 ? "it" : "them")} was not compared. {recording.Pictures.Damage}".TrimEnd());
        notice($"{tally.Summary()}");
        return tally.FirstDifference != null || damaged > 0 ? 1 : 0;
    }
}
