using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Images;

namespace RealtimeCnn.Demo;

/// <summary>
/// Modes and the source of their pictures, with or without a window. The source is opened when a mode first needs it, or to find out
/// whether there is a camera: where there is none and nobody chose a mode, drawing is what can be played.
/// </summary>
internal sealed class Session : IDisposable
{
    private readonly DemoOptions _options;
    private readonly ModeList _modes;
    private readonly Action<string> _notice;
    private IFrameAllocator? _allocator;
    private bool? _loop;
    private Playback? _playback;
    private readonly bool _isModeChosen;
    private bool _knowsSource, _isOwnPicture;

    /// <param name="options">What the user asked for.</param>
    /// <param name="models">The models that can be shown.</param>
    /// <param name="remembered">The mode of the last time; null for none.</param>
    /// <param name="notice">Gets what the user should know.</param>
    public Session(DemoOptions options, ModelShelf models, string? remembered, Action<string> notice)
    {
        (_options, _notice, _modes) = (options, notice, new ModeList(models));
        string? mode = options.Mode ?? (options.Scene != null ? "explore" : options.Tour ? "draw" : options.Model != null || options.Source != DemoOptions.AnySource ? "model" : remembered);
        _isModeChosen = mode != null && ModeList.Names.Contains(mode);
        Controls = new DemoControls(_modes, _isModeChosen ? mode! : "signs");
        if (options.Scene is { } scene)
            Controls.ChooseScene(scene);
        if (options.Tour)
            Controls.StartTour();
    }

    /// <summary>What the user has chosen.</summary>
    public DemoControls Controls { get; }

    /// <summary>What is playing.</summary>
    public string SourceName => _playback?.Name ?? _options.Source;

    /// <summary>Counters of the source; of none while the mode makes its pictures itself.</summary>
    public SourceStatus Status => Controls.Mode.HasOwnPictures ? default : _playback?.Status ?? default;

    /// <summary>Whether no picture will come any more.</summary>
    public bool HasEnded => !Controls.Mode.HasOwnPictures && _playback is { HasEnded: true };

    /// <summary>Whether there need be no new picture: somebody has to do something first.</summary>
    public bool StandsStill => Controls.Mode.HasOwnPictures || Controls.Mode.IsFrozen || Controls.Paused;

    /// <summary>Whether a video was entered at another time, and no picture of there has come yet: also in a pause there will be one.</summary>
    public bool IsSeeking => _playback is { IsSeeking: true } && !Controls.Mode.HasOwnPictures && !Controls.Mode.IsFrozen;

    /// <summary>Opens the source, if the mode needs it or depends on it.</summary>
    /// <param name="allocator">Where sources write their frames; null for memory of their own.</param>
    /// <param name="loop">Whether a file begins again at its end; null for as it suits the delivery.</param>
    public void Start(IFrameAllocator? allocator, bool? loop)
    {
        (_allocator, _loop) = (allocator, loop);
        if (!_isModeChosen || !Controls.Mode.HasOwnPictures)
            Open();
        LearnSource();
    }

    /// <summary>The next picture of the mode; null when there is none now. The caller disposes it.</summary>
    /// <param name="timeout">Longest wait.</param>
    /// <param name="cancellation">Ends it.</param>
    public Frame? Take(TimeSpan timeout, CancellationToken cancellation)
    {
        if (Controls.Mode.HasOwnPictures)
        {
            _playback?.Hold();
            var own = Controls.Mode.TakePicture();
            _isOwnPicture |= own != null;
            return own;
        }

        if (Controls.Mode.IsFrozen)
        {
            _playback?.Hold();
            return null;
        }

        var playback = Open();
        playback.Suit(Controls.Mode.StandIn);
        Controls.Suit(playback.Content);
        if (!playback.Obey(Controls))
            return null;
        try
        {
            if (playback.Take(timeout, cancellation) is not { } frame)
            {
                Controls.KeepFrameWish();
                return null;
            }

            (Controls.Mode.IsStale, _isOwnPicture, Controls.Around.Position) = (false, false, playback.PositionOf(frame));
            return frame;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        finally
        {
            LearnSource();
        }
    }

    /// <summary>Computes the newest picture again where another network is wanted, or its parameters were written.</summary>
    public bool TryRecompute(Scene scene)
    {
        // A picture of the board is nothing for other modes, and theirs nothing for the board: a new one comes at once.
        if (Controls.Mode.HasOwnPictures || _isOwnPicture || !scene.TryRecompute(Controls.Mode.Network, Controls.Mode.IsStale))
            return false;
        Controls.Mode.IsStale = false;
        return true;
    }

    /// <summary>Closes the source, which may write into memory of whoever gave it.</summary>
    public void Stop()
    {
        _playback?.Dispose();
        _playback = null;
    }

    public void Dispose()
    {
        Stop();
        _modes.Dispose();
    }

    private Playback Open() => _playback ??= new Playback(_options, _allocator, _notice, _loop);

    // Once: what the source turned out to be.
    private void LearnSource()
    {
        if (_knowsSource || _playback is not { } playback || (!playback.IsStandIn && playback.Status.FramesIn == 0))
            return;
        _knowsSource = true;
        Controls.Around.IsMirrored = playback.IsWebcam;
        if (!playback.IsStandIn)
            return;
        if (!_isModeChosen && !Controls.HasChosen)
            Controls.Choose("draw");
        Controls.Say("No camera was found: the demo draws its pictures itself. --source takes videos, photographs, addresses.");
    }
}
