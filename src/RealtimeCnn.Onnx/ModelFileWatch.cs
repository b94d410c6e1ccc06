using System.Diagnostics.CodeAnalysis;

namespace RealtimeCnn.Onnx;

/// <summary>
/// Looks after a model's file, and loads it anew, on a thread of its own, when it has changed and come to rest. What was loaded before stays
/// its owner's and goes on; a file that cannot be loaded is an <see cref="Error"/>, until a better one takes its place.
/// </summary>
public sealed class ModelFileWatch : IDisposable
{
    private static readonly TimeSpan HalfASecond = TimeSpan.FromSeconds(0.5);
    private readonly Lock _looking = new();
    private readonly string _path;
    private readonly OnnxLoadOptions _options;
    private readonly Timer _timer;
    private readonly CancellationTokenSource _end = new();
    private (DateTime Written, long Bytes) _loaded, _seen;
    private OnnxModel? _newer;

    /// <summary>Begins to watch a file; what is in it now counts as loaded.</summary>
    /// <param name="path">Path of an <c>.onnx</c> file. It may vanish for a while, as files do while they are written.</param>
    /// <param name="options">How it is loaded; null for the defaults.</param>
    /// <param name="every">Time between two looks, of which two must agree; null for half a second.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is not above 0.</exception>
    public ModelFileWatch(string path, OnnxLoadOptions? options = null, TimeSpan? every = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var period = every ?? HalfASecond;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero, nameof(every));
        (_path, _options) = (Path.GetFullPath(path), options ?? new OnnxLoadOptions());
        _loaded = _seen = Stamp();
        _timer = new Timer(_ => Look(), null, period, period);
    }

    /// <summary>Why the file as it is now could not be loaded, in words for its writer; null where nothing is wrong with it.</summary>
    public string? Error { get; private set; }

    /// <summary>The newest model that was loaded since the last call, if there is one; it is the caller's. Never waits, from any thread.</summary>
    public bool TryTake([NotNullWhen(true)] out OnnxModel? model)
    {
        model = Interlocked.Exchange(ref _newer, null);
        return model != null;
    }

    /// <summary>Looks once, and loads what has changed and come to rest.</summary>
    internal void Look()
    {
        // A look while a large file is being loaded has nothing to do.
        if (!_looking.TryEnter())
            return;
        try
        {
            var now = Stamp();
            bool rests = now == _seen;
            _seen = now;
            if (!rests || now == _loaded || now.Bytes == 0)
                return;
            _loaded = now;
            var newer = OnnxModel.Load(_path, _options, _end.Token);
            Error = null;
            Interlocked.Exchange(ref _newer, newer)?.Dispose();
        }
        catch (Exception problem) when (problem is OnnxException or IOException or UnauthorizedAccessException)
        {
            Error = problem.Message;
        }
        catch (OperationCanceledException)
        {
            // Disposed meanwhile.
        }
        finally
        {
            _looking.Exit();
        }
    }

    /// <summary>Stops watching; a model that nobody took is freed.</summary>
    public void Dispose()
    {
        _end.Cancel();
        using (var stopped = new ManualResetEvent(false))
        {
            if (_timer.Dispose(stopped))
                stopped.WaitOne();
        }

        if (TryTake(out var left))
            left.Dispose();
        _end.Dispose();
    }

    private (DateTime Written, long Bytes) Stamp()
    {
        var file = new FileInfo(_path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }
}
