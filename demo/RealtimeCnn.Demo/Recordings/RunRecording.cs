using System.Text.Json;
using RealtimeCnn.Camera;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Modes.Explore;
using RealtimeCnn.Images;

namespace RealtimeCnn.Demo.Recordings;

/// <summary>A run that <see cref="RunRecorder"/> wrote, to be played again: its pictures and its steps, both in their order.</summary>
internal sealed class RunRecording : IDisposable
{
    private readonly StreamReader _log;
    private readonly ReplaySource _pictures;
    private int _line = 1;

    private RunRecording(string path, StreamReader log, RecordingHeader header, ReplaySource pictures)
    {
        (Path, _log, Header, _pictures) = (path, log, header, pictures);
        _pictures.Start(FrameDelivery.Every);
    }

    /// <summary>The file of the pictures.</summary>
    public string Path { get; }

    /// <summary>Under what conditions the run took place.</summary>
    public RecordingHeader Header { get; }

    /// <summary>State of the pictures' file: damaged ones are left out and counted.</summary>
    public SourceStatus Pictures => _pictures.Status;

    /// <summary>Opens a recording.</summary>
    /// <param name="path">The file of its pictures; its log lies beside it.</param>
    /// <exception cref="CameraException">One of the files is missing or is none, or another version wrote it; the message says which.</exception>
    public static RunRecording Open(string path)
    {
        string log = path + RecordingWriter.LogExtension;
        if (!File.Exists(path))
            throw new CameraException($"There is no recording '{path}'.");
        if (!File.Exists(log))
            throw new CameraException($"The log of the recording, '{log}', is missing; without it the pictures alone can be played: --source {path}.");
        StreamReader? reader = null;
        try
        {
            reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return new RunRecording(path, reader, HeaderOf(log, reader.ReadLine()), new ReplaySource(path, loop: false));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            reader?.Dispose();
            throw new CameraException($"The log of the recording cannot be read: {problem.Message}", problem);
        }
        catch
        {
            reader?.Dispose();
            throw;
        }
    }

    /// <summary>What the demo is to be started with, so that it does the same again.</summary>
    /// <param name="asked">What the user asked for.</param>
    public DemoOptions Apply(DemoOptions asked) => asked with
    {
        Source = Path,
        Mode = Header.Mode,
        Scene = Header.Scene,
        Tour = Header.IsTour,
        Model = Header.Model,
        Labels = Header.Labels,
        Size = new Size2d(Header.Height, Header.Width),
        IsSizeNamed = true,
        // What the CPU computed is the same to the last bit only there.
        Backend = asked.Backend == "auto" && Header.Backend == "cpu" ? "cpu" : asked.Backend,
    };

    /// <summary>The next step; null at the end, or where the log breaks off.</summary>
    /// <exception cref="CameraException">A line in the middle is damaged.</exception>
    public RecordedStep? NextStep()
    {
        if (_log.ReadLine() is not { } line)
            return null;
        _line++;
        try
        {
            using var json = JsonDocument.Parse(line);
            return RecordedStep.Read(json.RootElement);
        }
        catch (Exception problem) when (problem is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException or OverflowException)
        {
            // A program that was killed may have written half of the last line.
            if (_log.Peek() < 0)
                return null;
            throw new CameraException($"Line {_line} of '{Path}{RecordingWriter.LogExtension}' is damaged: {problem.Message.TrimEnd('.')}.", problem);
        }
    }

    /// <summary>The next picture that is not damaged; null where there is none any more. The caller disposes it.</summary>
    /// <exception cref="CameraException">From some place on the file cannot be read.</exception>
    public Frame? NextPicture(CancellationToken cancellation)
    {
        var frame = _pictures.Take(Timeout.InfiniteTimeSpan, cancellation);
        return frame == null && _pictures.Status.Faulted ? throw new CameraException(_pictures.Status.Reason) : frame;
    }

    public void Dispose()
    {
        _pictures.Dispose();
        _log.Dispose();
    }

    private static RecordingHeader HeaderOf(string log, string? line)
    {
        RecordingHeader? header = null;
        try
        {
            header = RecordingHeader.Parse(line ?? "");
        }
        catch (JsonException)
        {
            // Said below.
        }

        if (header is not { Mode: not null, Version: not null, Backend: not null, Width: > 0 and <= 16384, Height: > 0 and <= 16384 })
            throw new CameraException($"'{log}' is not the log of a recording of the demo.");
        if (header.Format != RecordingHeader.CurrentFormat)
            throw new CameraException($"'{log}' was written in version {header.Format} of the format, by demo {header.Version}; this demo reads version {RecordingHeader.CurrentFormat}.");
        if (!ModeList.Names.Contains(header.Mode))
            throw new CameraException($"'{log}' was recorded by demo {header.Version} in its mode '{header.Mode}'; this demo has {string.Join(", ", ModeList.Names)}.");
        if (header.Scene != null && !ExploreMode.SceneNames.Contains(header.Scene))
            throw new CameraException($"'{log}' was recorded by demo {header.Version} with its scene '{header.Scene}'; this demo has {string.Join(", ", ExploreMode.SceneNames)}.");
        return header;
    }
}
