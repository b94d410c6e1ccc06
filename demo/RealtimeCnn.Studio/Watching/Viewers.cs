using System.Collections.Concurrent;
using RealtimeCnn.Camera;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Images;

namespace RealtimeCnn.Studio.Watching;

/// <summary>
/// All who watch. A picture is copied on the demo's thread where one of them is ready for it, compressed once on a thread beside it, and
/// sent to each that is ready then: a slow browser gets fewer, and where nobody watches nothing is done.
/// </summary>
internal sealed class Viewers : IPictureTaker, IDisposable
{
    /// <summary>Most who watch at once.</summary>
    public const int MostViewers = 8;

    private static readonly TimeSpan PictureEvery = TimeSpan.FromMilliseconds(20);
    private readonly Lock _lock = new();
    private readonly SideWorker _worker = new("RealtimeCnn studio pictures");
    private readonly JpegEncoder _encoder = new();
    private readonly ConcurrentBag<EncodedPicture> _pool = [];
    private readonly Action<CancellationToken> _encode;
    private volatile Viewer[] _viewers = [];
    private byte[] _pixels = [];
    private int _bytes;
    private Size2d _size;
    private bool _isBottomUp;
    private TimeSpan? _taken;

    /// <exception cref="CameraException">The library that compresses pictures is missing.</exception>
    public Viewers() => _encode = _ => Encode();

    /// <summary>Whether anybody watches.</summary>
    public bool IsThere => _viewers.Length > 0;

    /// <summary>Whether nobody else can watch.</summary>
    public bool IsFull => _viewers.Length >= MostViewers;

    public bool IsWanting => _viewers.Length > 0 && !_worker.IsBusy && (_taken is not { } taken || FrameClock.Now - taken >= PictureEvery) && IsAnybodyReady();

    /// <summary>Somebody watches from now on.</summary>
    /// <returns>False where there are too many already.</returns>
    public bool TryAdd(Viewer viewer)
    {
        lock (_lock)
        {
            if (_viewers.Length >= MostViewers)
                return false;
            _viewers = [.. _viewers, viewer];
            return true;
        }
    }

    /// <summary>Somebody has gone.</summary>
    public void Remove(Viewer viewer)
    {
        lock (_lock)
            _viewers = [.. _viewers.Where(other => other != viewer)];
    }

    /// <summary>Tells everybody how things are; what they have not been told before is forgotten.</summary>
    /// <param name="state">JSON; nobody changes it any more.</param>
    public void Tell(byte[] state)
    {
        foreach (var viewer in _viewers)
            viewer.Tell(state);
    }

    public Span<byte> Rent(int bytes)
    {
        if (_worker.IsBusy)
            return default;
        if (_pixels.Length < bytes)
            _pixels = new byte[bytes];
        _bytes = bytes;
        return _pixels.AsSpan(0, bytes);
    }

    public void Deliver(Size2d size, bool isBottomUp)
    {
        _worker.Rethrow();
        (_size, _isBottomUp, _taken) = (size, isBottomUp, FrameClock.Now);
        _worker.Post(_encode);
    }

    public void Dispose()
    {
        _worker.Dispose();
        _encoder.Dispose();
    }

    private bool IsAnybodyReady()
    {
        foreach (var viewer in _viewers)
        {
            if (viewer.IsReady)
                return true;
        }

        return false;
    }

    private void Encode()
    {
        var picture = EncodedPicture.Of(_pool, _encoder.Encode(_pixels.AsSpan(0, _bytes), new FrameFormat(_size.Width, _size.Height, PixelFormat.Rgba), _isBottomUp));
        foreach (var viewer in _viewers)
            viewer.Offer(picture);
        picture.Release();
    }
}
