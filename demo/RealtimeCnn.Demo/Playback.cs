using RealtimeCnn.Camera;
using RealtimeCnn.Camera.Emgu;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Images;

namespace RealtimeCnn.Demo;

/// <summary>The source that the user named, or without one the first camera, or where there is none a scene that suits what is shown. What the user named has to work.</summary>
internal sealed class Playback : IDisposable
{
    private const int MostDamagesSaid = 10;
    private readonly FrameDelivery _delivery;
    private readonly IFrameAllocator? _allocator;
    private readonly Action<string> _notice;
    private readonly bool _mayFallBack;
    private readonly HashSet<string> _skippedSaid = [];
    private IFrameSource _source;
    private string _name;
    private bool _hadFrame;
    private long _damagesSaid;

    /// <param name="options">Which source, through which library, each frame or the newest.</param>
    /// <param name="allocator">Where frames are written; null for memory of the source's own.</param>
    /// <param name="notice">Gets what the user should know.</param>
    /// <exception cref="CameraException">The word means nothing, or names a file that does not exist.</exception>
    /// <param name="loop">Whether a file begins again at its end; null for as it suits the delivery.</param>
    public Playback(DemoOptions options, IFrameAllocator? allocator, Action<string> notice, bool? loop)
    {
        (_delivery, _allocator, _notice) = (options.Delivery, allocator, notice);
        _mayFallBack = options.Source == DemoOptions.AnySource && options.Camera == "auto";
        try
        {
            _source = options.OpenSource?.Invoke() ?? Open(options, loop, notice);
        }
        catch (CameraException problem) when (_mayFallBack)
        {
            _source = WithoutCamera(problem.Message);
        }

        _name = NameOf(_source);
        _source.Start(_delivery, allocator);
    }

    /// <summary>What is playing: of a file only its name, of a folder the picture and its number.</summary>
    public string Name => _source.Album is { Count: > 1 } album ? $"{album.Index + 1} / {album.Count} {album.CurrentName}" : _name;

    /// <summary>What the pictures show, as far as that is known.</summary>
    public PictureContent Content => _source switch
    {
        WrittenDigitsSource => PictureContent.Digit,
        WrittenNumbersSource => PictureContent.Numbers,
        TestPatternSource => PictureContent.Scene,
        _ => PictureContent.Anything,
    };

    /// <summary>Whether a scene stands in for a camera that is not there.</summary>
    public bool IsStandIn { get; private set; }

    /// <summary>Whether it is a camera before which somebody sits, who expects a mirror.</summary>
    public bool IsWebcam => !IsStandIn && _source.Name.StartsWith("camera:", StringComparison.Ordinal);

    /// <summary>Takes the scene that suits what is shown, where one stands in for a camera.</summary>
    public void Suit(PictureContent wanted)
    {
        if (!IsStandIn || SceneOf(wanted) == SceneOf(Content))
            return;
        Play(SceneOf(wanted) switch
        {
            PictureContent.Numbers => new WrittenNumbersSource(),
            PictureContent.Scene => new TestPatternSource(),
            _ => new WrittenDigitsSource(),
        });
    }

    /// <summary>Its state and counters.</summary>
    public SourceStatus Status => _source.Status;

    /// <summary>How far a video is at one of its frames; null for other sources.</summary>
    public VideoPosition? PositionOf(Frame frame) => _source.Timeline is { } timeline && timeline.PositionOf(frame) is { } at ? new VideoPosition(at, timeline.Length) : null;

    /// <summary>Whether a video was entered at another time, and no picture of there has come yet.</summary>
    public bool IsSeeking { get; private set; }

    /// <summary>Whether no frame will come any more.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Holds, steps and turns over the source as the user wishes. One that cannot be held plays on, and its frames are left out.</summary>
    /// <returns>Whether a frame that is there is to be shown.</returns>
    public bool Obey(DemoControls controls)
    {
        int turns = controls.TakeTurns(), steps = controls.TakeSteps();
        if (_source.Album is { } album)
        {
            for (; turns > 0; turns--)
                album.ShowNext();
            for (; turns < 0; turns++)
                album.ShowPrevious();
        }

        if (controls.TakeSeek() is { } time && _source.Timeline is { Length: not null } timeline)
        {
            timeline.Seek(time);
            IsSeeking = true;
        }

        if (_source.Playback is not { } playback)
            return controls.TakeFrameWish();
        for (; steps > 0; steps--)
            playback.Advance();
        if (playback.IsPaused && !controls.Paused)
            playback.Play();
        else if (!playback.IsPaused && controls.Paused)
            playback.Pause();
        return true;
    }

    /// <summary>Holds the source while nobody looks, where it can be held; <see cref="Obey"/> lets it go on.</summary>
    public void Hold()
    {
        if (_source.Playback is { IsPaused: false } playback)
            playback.Pause();
    }

    /// <summary>The next frame; null when none came in time or none will come (<see cref="HasEnded"/>). The caller disposes it.</summary>
    /// <exception cref="CameraException">What the user named turned out to be unplayable.</exception>
    public Frame? Take(TimeSpan timeout, CancellationToken cancellation)
    {
        var frame = timeout == TimeSpan.Zero ? _source.TryTake() : _source.Take(timeout, cancellation);
        SayDamage(_source.Status);
        if (frame is not null)
        {
            (_hadFrame, IsSeeking) = (true, false);
            return frame;
        }

        var status = _source.Status;
        if (status.State != SourceState.Ended)
            return null;
        if (_hadFrame || !status.Faulted)
        {
            // A frame may have come between the question and the end.
            frame = _source.TryTake();
            HasEnded = frame is null;
            return frame;
        }

        if (!_mayFallBack)
            throw new CameraException(status.Reason);
        Play(WithoutCamera(status.Reason));
        return null;
    }

    public void Dispose() => _source.Dispose();

    // A stream may be damaged for hours; whoever has read the first lines knows.
    private void SayDamage(SourceStatus status)
    {
        if (status.FramesCorrupt <= _damagesSaid || _damagesSaid >= MostDamagesSaid)
            return;
        _damagesSaid = status.FramesCorrupt;
        if (_source is not ImageSource folder)
        {
            _notice(status.Damage);
            return;
        }

        // Several may have been left out on the way to one that can be read.
        foreach (string reason in folder.Skipped.Where(_skippedSaid.Add).Take(MostDamagesSaid))
            _notice(reason);
    }

    private static IFrameSource Open(DemoOptions options, bool? loop, Action<string> notice)
    {
        string source = options.Source == DemoOptions.AnySource ? "camera:0" : options.Source;
        // What is not built in is no news; which of several libraries it became is.
        EmguBackend emgu = new();
        ICameraBackend[] adapters = options.Camera == emgu.Name || emgu.WhyUnavailable is null ? [emgu] : [];
        var opened = FrameSources.Open(source, options.Camera, new CameraOptions { Loop = loop }, adapters);
        if (source.StartsWith("camera:", StringComparison.Ordinal) && adapters.Length > 0)
            notice($"{opened.Reason}.");
        return opened.Source;
    }

    // No scene shows a hand.
    private static PictureContent SceneOf(PictureContent wanted) => wanted == PictureContent.Anything ? PictureContent.Digit : wanted;

    private static string NameOf(IFrameSource source) => File.Exists(source.Name) ? Path.GetFileName(source.Name) : source.Name;

    private void Play(IFrameSource source)
    {
        _source.Dispose();
        (_source, _name) = (source, NameOf(source));
        _source.Start(_delivery, _allocator);
    }

    private WrittenDigitsSource WithoutCamera(string reason)
    {
        IsStandIn = true;
        _notice($"{reason} The demo draws its pictures itself.");
        return new WrittenDigitsSource();
    }
}
