using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RealtimeCnn.Camera;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.Models;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Recordings;

/// <summary>
/// Writes a run to disk while it goes on: the pictures that went to networks as <see cref="FrameRecorder"/> writes them, and beside them a log of all
/// that happened, in its order, a line of JSON for each step. A thread of its own writes; the run waits for no disk, and in steady state allocates
/// nothing here. Pictures that find no memory, because the disk is slower, are left out with their results, and counted.
/// </summary>
internal sealed class RunRecorder : IDisposable
{
    /// <summary>Follows the name of the recording in that of its log.</summary>
    public const string LogExtension = ".jsonl";

    private const long MostBytesWaiting = 256L << 20;
    private const int MostStepsWaiting = 100_000, MostPicturesWaiting = 256;
    private readonly string _path;
    private readonly DemoControls _controls;
    private readonly Scene _scene;
    private readonly RunStats _stats;
    private readonly Action<string> _notice;
    private readonly FrameRecorder _pictures;
    private readonly FileStream _log;
    private readonly FramePool _pool = new(MostPicturesWaiting);
    private readonly Thread _thread;
    private readonly object _lock = new();
    private readonly Queue<(RecordedStep Step, Picture? Picture)> _waiting = new();
    private readonly Stack<RecordedStep> _free = new();
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;
    private readonly Queue<(long Computed, long Sequence)> _underWay = new();
    private long _bytesWaiting;
    private bool _ending;
    private string? _failure;

    // Those below belong to the thread of the run.
    private bool _isFailureSaid, _isLastLost;
    private long _computed, _recorded, _results, _lost;
    private ISceneNetwork? _network;
    private (string Mode, PictureContent Content)? _suited;

    private RunRecorder(string path, RecordingHeader header, DemoControls controls, Scene scene, RunStats stats, Action<string> notice)
    {
        (_path, _controls, _scene, _stats, _notice) = (path, controls, scene, stats, notice);
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

    /// <summary>The run's clock.</summary>
    public TimeSpan Now { get; set; }

    /// <summary>Pictures that were computed and found no place in the recording.</summary>
    public long Lost => _lost;

    /// <summary>Begins to record a run. Where nothing can be written, that is said, and the run goes on without.</summary>
    /// <param name="options">What the user asked for; names the recording.</param>
    /// <param name="controls">Tell what the user does.</param>
    /// <param name="scene">Tells what is computed.</param>
    /// <param name="stats">Have the counters of the source at the end.</param>
    /// <param name="notice">Gets what the user should know.</param>
    /// <returns>Null where none was asked for, or none can be written.</returns>
    public static RunRecorder? Begin(DemoOptions options, DemoControls controls, Scene scene, RunStats stats, Action<string> notice)
    {
        if (options.Record is not { } path)
            return null;
        var header = new RecordingHeader(
            RecordingHeader.CurrentFormat, RecordingHeader.ThisVersion, controls.Mode.Name, options.Scene, options.Tour, RecordingHeader.PathOf(options.Model), RecordingHeader.PathOf(options.Labels), options.Source,
            options.Size.Width, options.Size.Height, scene.ComputesBeside ? "cpu" : "gpu", scene.Renderer, RecordingHeader.ThisVectorBits);
        try
        {
            var recorder = new RunRecorder(path, header, controls, scene, stats, notice);
            controls.Recorder = scene.Recorder = recorder;
            scene.ResultArrived += recorder.Arrived;
            return recorder;
        }
        catch (Exception problem) when (problem is CameraException or IOException or UnauthorizedAccessException)
        {
            string said = $"Nothing is recorded: {problem.Message}";
            notice(said);
            controls.Say(said);
            return null;
        }
    }

    /// <summary>A picture went to a network.</summary>
    /// <param name="frame">It stays the caller's.</param>
    /// <param name="network">Which computes it.</param>
    /// <param name="isWanted">Whether that is the mode's, rather than the one before.</param>
    public void Submitted(Frame frame, ISceneNetwork network, bool isWanted)
    {
        SayFailure();
        NoteModel(network);
        int bytes = frame.Format.Bytes;
        bool hasRoom;
        lock (_lock)
            hasRoom = _failure == null && _bytesWaiting + bytes <= MostBytesWaiting && _waiting.Count < MostStepsWaiting;
        if (!hasRoom || _pool.TryRent(bytes) is not { } buffer)
        {
            (_lost, _isLastLost) = (_lost + 1, true);
            _underWay.Enqueue((-1, frame.Sequence));
            return;
        }

        frame.Pixels.CopyTo(buffer.Bytes);
        var step = NewStep(StepKind.Picture);
        (step.Computed, step.Sequence, step.IsWanted) = (_computed++, frame.Sequence, isWanted);
        (_isLastLost, _recorded) = (false, _recorded + 1);
        _underWay.Enqueue((step.Computed, frame.Sequence));
        Post(step, new Picture(buffer, frame.Format, frame.Geometry, frame.Timestamp, frame.Sequence));
    }

    /// <summary>The picture before went to the mode's network once more.</summary>
    public void Repeated(long sequence, ISceneNetwork network)
    {
        NoteModel(network);
        if (_isLastLost)
        {
            _underWay.Enqueue((-1, sequence));
            return;
        }

        var step = NewStep(StepKind.Again);
        step.Computed = _computed++;
        _underWay.Enqueue((step.Computed, sequence));
        Post(step);
    }

    /// <summary>Another network is in use; what the one before had under way never comes back.</summary>
    public void Swapped() => _underWay.Clear();

    /// <summary>The screen was drawn.</summary>
    public void Drew(Size2d size, float density, Surroundings around)
    {
        var step = NewStep(StepKind.Draw);
        (step.Size, step.Density, step.IsMirrored, step.Position) = (size, density, around.IsMirrored, around.Position);
        Post(step);
    }

    /// <summary>A key was pressed.</summary>
    public void Pressed(KeyPress press)
    {
        var step = NewStep(StepKind.Key);
        step.Press = press;
        Post(step);
    }

    /// <summary>A key went up.</summary>
    public void Released(ConsoleKey key)
    {
        var step = NewStep(StepKind.Release);
        step.Press = new KeyPress(key, default, IsRepeat: false);
        Post(step);
    }

    /// <summary>A letter was typed.</summary>
    public void Typed(Rune letter)
    {
        var step = NewStep(StepKind.Type);
        step.Name = letter.ToString();
        Post(step);
    }

    /// <summary>The mouse did something, in units of the canvas.</summary>
    public void Pointed(in PointerEvent used)
    {
        var step = NewStep(StepKind.Pointer);
        step.Used = used;
        Post(step);
    }

    /// <summary>Files were dropped.</summary>
    public void Dropped(IReadOnlyList<string> paths)
    {
        var step = NewStep(StepKind.Drop);
        step.Files = [.. paths.Select(path => RecordingHeader.PathOf(path)!)];
        Post(step);
    }

    /// <summary>A mode was chosen by neither key nor mouse.</summary>
    public void Chose(string mode)
    {
        var step = NewStep(StepKind.Mode);
        step.Name = mode;
        Post(step);
    }

    /// <summary>A scene of the mode explore was chosen by neither key nor mouse.</summary>
    public void ChoseScene(string scene)
    {
        var step = NewStep(StepKind.Scene);
        step.Name = scene;
        Post(step);
    }

    /// <summary>A mode is told what the source shows; worth a line where that is news.</summary>
    public void Suited(string mode, PictureContent content)
    {
        if (_suited == (mode, content))
            return;
        _suited = (mode, content);
        var step = NewStep(StepKind.Content);
        step.Name = content.ToString();
        Post(step);
    }

    /// <summary>Ends the recording when all of it is on disk, and says what became of it.</summary>
    public void Dispose()
    {
        _scene.ResultArrived -= Arrived;
        _controls.Recorder = _scene.Recorder = null;
        var end = NewStep(StepKind.End);
        end.Counts = (_stats.Source.FramesDropped, _stats.Source.FramesDuplicated, _stats.Source.FramesCorrupt, _lost);
        Post(end);
        lock (_lock)
        {
            _ending = true;
            Monitor.PulseAll(_lock);
        }

        _thread.Join();
        _json.Dispose();
        _pool.Dispose();
        SayFailure();
        if (_failure == null)
        {
            string lost = _lost > 0 ? $"; {RunStats.Frames(_lost)} and what networks made of them are not in it, because the disk was slower than the pictures" : "";
            _notice(string.Create(CultureInfo.InvariantCulture, $"Recorded {RunStats.Frames(_recorded)} and {_results} results in {_path} and {_path}{LogExtension}{lost}."));
        }
    }

    private void Arrived(object? sender, LiveResult result)
    {
        // Of those before it nothing came back.
        (long computed, long sequence) = (-1, -1);
        while (sequence != result.Sequence && _underWay.TryDequeue(out var oldest))
            (computed, sequence) = oldest;
        if (sequence != result.Sequence || computed < 0 || _scene.Network is not { } network)
            return;
        var step = NewStep(StepKind.Result);
        (step.Computed, step.Name) = (computed, ResultValues.NameOf(network));
        step.Values.Take(result, _scene, mayWait: false);
        _results++;
        Post(step);
    }

    private void NoteModel(ISceneNetwork network)
    {
        if (ReferenceEquals(network, _network))
            return;
        _network = network;
        var model = network as ShownModel ?? (network as LayeredModel)?.Model;
        if (model == null)
            return;
        var step = NewStep(StepKind.Model);
        step.Name = RecordingHeader.PathOf(model.Path)!;
        Post(step);
    }

    private RecordedStep NewStep(StepKind kind)
    {
        RecordedStep? step;
        lock (_lock)
            _free.TryPop(out step);
        step ??= new RecordedStep();
        (step.Kind, step.Time) = (kind, Now);
        return step;
    }

    private void Post(RecordedStep step, Picture? picture = null)
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

    private void SayFailure()
    {
        string? failure;
        lock (_lock)
            failure = _failure;
        if (failure == null || _isFailureSaid)
            return;
        _isFailureSaid = true;
        _notice(failure);
        _controls.Say(failure);
    }

    // The thread of the recording.
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
    private bool TryTake(out RecordedStep step, out Picture? picture)
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
            step.Hash = HashOf(step.Name);
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

    /// <summary>SHA-256 of a model's file; empty where it cannot be read.</summary>
    public static string HashOf(string model)
    {
        try
        {
            if (ShippedModels.Names.Contains(model) || (ShippedModels.Contains(model) && !File.Exists(model)))
                return Convert.ToHexStringLower(SHA256.HashData(ShippedModels.Read(model)));
            using var file = File.OpenRead(model);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>A picture that waits to be written, in memory of its own.</summary>
    private readonly record struct Picture(FrameBuffer Buffer, FrameFormat Format, FrameGeometry Geometry, TimeSpan Timestamp, long Sequence)
    {
        public Frame ToFrame() => new(Buffer, Format, Timestamp, Sequence, Geometry);
    }
}
