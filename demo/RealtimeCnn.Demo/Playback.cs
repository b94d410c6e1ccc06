using RealtimeCnn.Camera;
using RealtimeCnn.Camera.Emgu;
using RealtimeCnn.Images;

namespace RealtimeCnn.Demo;

/// <summary>The source that the user named, or the built-in pattern where a camera was named and there is none. A library that the user named has to work.</summary>
internal sealed class Playback : IDisposable
{
    private readonly FrameDelivery _delivery;
    private readonly IFrameAllocator? _allocator;
    private readonly Action<string> _notice;
    private readonly bool _isCamera;
    private IFrameSource _source;
    private bool _hadFrame;

    /// <param name="options">Which source, through which library, each frame or the newest.</param>
    /// <param name="allocator">Where frames are written; null for memory of the source's own.</param>
    /// <param name="notice">Gets what the user should know.</param>
    /// <exception cref="CameraException">The word means nothing, or names a file that does not exist.</exception>
    public Playback(DemoOptions options, IFrameAllocator? allocator, Action<string> notice)
    {
        (_delivery, _allocator, _notice) = (options.Delivery, allocator, notice);
        _isCamera = options.Source.StartsWith("camera:", StringComparison.Ordinal);
        try
        {
            // What is not built in is no news; which of several libraries it became is.
            EmguBackend emgu = new();
            ICameraBackend[] adapters = options.Camera == emgu.Name || emgu.WhyUnavailable is null ? [emgu] : [];
            var opened = FrameSources.Open(options.Source, options.Camera, null, adapters);
            _source = opened.Source;
            if (_isCamera && adapters.Length > 0)
                notice($"{opened.Reason}.");
        }
        catch (CameraException problem) when (_isCamera && options.Camera == "auto")
        {
            _source = Pattern(problem.Message);
        }

        Name = File.Exists(_source.Name) ? Path.GetFileName(_source.Name) : _source.Name;
        _source.Start(_delivery, allocator);
    }

    /// <summary>What is playing; of a file, only its name.</summary>
    public string Name { get; private set; }

    /// <summary>Its state and counters.</summary>
    public SourceStatus Status => _source.Status;

    /// <summary>Whether no frame will come any more.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The next frame; null when none came in time or none will come (<see cref="HasEnded"/>). The caller disposes it.</summary>
    /// <exception cref="CameraException">What the user named turned out to be unplayable.</exception>
    public Frame? Take(TimeSpan timeout, CancellationToken cancellation)
    {
        var frame = timeout == TimeSpan.Zero ? _source.TryTake() : _source.Take(timeout, cancellation);
        if (frame is not null)
        {
            _hadFrame = true;
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

        if (!_isCamera)
            throw new CameraException(status.Reason);
        _source.Dispose();
        _source = Pattern(status.Reason);
        Name = _source.Name;
        _source.Start(_delivery, _allocator);
        return null;
    }

    public void Dispose() => _source.Dispose();

    private TestPatternSource Pattern(string reason)
    {
        _notice($"{reason} Playing the built-in pattern instead.");
        return new TestPatternSource();
    }
}
