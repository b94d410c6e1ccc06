using System.Buffers;
using System.Text;
using System.Text.Json;
using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Demo.Recordings;

/// <summary>
/// Writes the pictures of a run and, beside them, its log, a line of JSON for each step, on a thread of its own. What waits to be written
/// has a bounded room; where a disk fails or is far too slow, the recording ends there.
/// </summary>
internal sealed class RecordingWriter : IDisposable
{
    /// <summary>Follows the name of the recording in that of its log.</summary>
    public const string LogExtension = ".jsonl";

    private const long MostBytesWaiting = 256L << 20;
    private const int MostStepsWaiting = 100_000, MostPicturesWaiting = 256;
    private readonly string _path;
    private readonly FrameRecorder _pictures;
    private readonly FileStream _log;
    private readonly FramePool _pool = new(MostPicturesWaiting);
    private readonly Thread _thread;
    private readonly object _lock = new();
    private readonly Queue<(RecordedStep Step, RecordedPicture? Picture)> _waiting = new();
    private readonly Stack<RecordedStep> _free = new();
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;
    private long _bytesWaiting;
    private bool _ending;
    private string? _failure;

    /// <exception cref="CameraException">The pictures cannot be written.</exception>
    /// <exception cref="IOException">The log cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Neither may be written.</exception>
    public RecordingWriter(string path, RecordingHeader header)
    {
        _path = path;
        _pictures = new FrameRecorder(path);
        try
        {
            _log = new FileStream(path + LogExtension, FileMode.Create, FileAccess.Write, FileShare.Read);
            _log.Write(Encoding.UTF8.GetBytes(header.ToJson() + "\n"));
            _log.Flush();
        }
        catch
        {
            _log?.Dispose();
            _pictures.Dispose();
            throw;
        }

        _json = new Utf8JsonWriter(_line);
        _thread = new Thread(WriteAll) { IsBackground = true, Name = "recording" };
        _thread.Start();
    }

    /// <summary>Why the recording has ended before its time, in a sentence; null where it goes on.</summary>
    public string? Failure
    {
        get
        {
            lock (_lock)
                return _failure;
        }
    }

    /// <summary>Memory for a picture; null where there is no room now.</summary>
    public FrameBuffer? TryRent(int bytes)
    {
        lock (_lock)
        {
            if (_failure != null || _bytesWaiting + bytes > MostBytesWaiting || _waiting.Count >= MostStepsWaiting)
                return null;
        }

        return _pool.TryRent(bytes);
    }

    /// <summary>A step to fill: a new one, or one that was written.</summary>
    public RecordedStep NewStep()
    {
        lock (_lock)
            return _free.TryPop(out var step) ? step : new RecordedStep();
    }

    /// <summary>Gives a step away, to be written behind those before it.</summary>
    /// <param name="step">From <see cref="NewStep"/>.</param>
    /// <param name="picture">Of a picture: what it shows.</param>
    public void Post(RecordedStep step, RecordedPicture? picture = null)
    {
        lock (_lock)
        {
            if (_failure == null && _waiting.Count < MostStepsWaiting)
            {
                _waiting.Enqueue((step, picture));
                _bytesWaiting += picture?.Format.Bytes ?? 0;
                Monitor.PulseAll(_lock);
                return;
            }

            _failure ??= $"The recording '{_path}' ends here: the disk does not keep up.";
        }

        picture?.ToFrame().Dispose();
    }

    /// <summary>Ends when all of it is on disk.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _ending = true;
            Monitor.PulseAll(_lock);
        }

        _thread.Join();
        _json.Dispose();
        _pool.Dispose();
    }

    private void WriteAll()
    {
        try
        {
            while (TryTake(out var step, out var picture))
            {
                using (var frame = picture?.ToFrame())
                    Write(step, frame);
                lock (_lock)
                {
                    _bytesWaiting -= picture?.Format.Bytes ?? 0;
                    _free.Push(step);
                }
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Fail(problem);
        }

        try
        {
            _pictures.Dispose();
            _log.Dispose();
        }
        catch (IOException problem)
        {
            Fail(problem);
        }
    }

    // What was written is handed to the system whenever there is nothing else to do.
    private bool TryTake(out RecordedStep step, out RecordedPicture? picture)
    {
        bool isIdle;
        lock (_lock)
            isIdle = _waiting.Count == 0;
        if (isIdle)
            Flush();
        lock (_lock)
        {
            while (_waiting.Count == 0 && !_ending)
                Monitor.Wait(_lock);
            (step, picture) = _waiting.Count > 0 ? _waiting.Dequeue() : (null!, null);
            return step != null;
        }
    }

    private void Write(RecordedStep step, Frame? picture)
    {
        if (picture != null)
        {
            var hash = default(PixelFingerprint);
            hash.Add(picture.Pixels);
            step.Pixels = hash.Value;
            _pictures.Add(picture);
        }
        else if (step.Kind == StepKind.Model)
        {
            step.Hash = ModelHash.Of(step.Name);
        }

        _line.ResetWrittenCount();
        _json.Reset(_line);
        step.Write(_json);
        _json.Flush();
        _log.Write(_line.WrittenSpan);
        _log.WriteByte((byte)'\n');
    }

    // Pictures first: the log names none that is not there.
    private void Flush()
    {
        _pictures.Flush();
        _log.Flush();
    }

    private void Fail(Exception problem)
    {
        lock (_lock)
        {
            _failure ??= $"The recording '{_path}' ends here: {problem.Message}";
            foreach (var (_, picture) in _waiting)
                picture?.ToFrame().Dispose();
            _waiting.Clear();
        }
    }
}
