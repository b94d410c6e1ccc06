using System.ComponentModel;
using System.Diagnostics;
using RealtimeCnn.Camera.Ffmpeg;
using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>
/// Writes pictures as a video file, which FFmpeg encodes in a child process as it does by itself for the file's name: H.264 for <c>.mp4</c>
/// where it was built with an encoder of that, else MPEG-4. The file has a constant rate, at which each picture is shown from its time on:
/// one is repeated where the next comes late, and left out where the next comes at once. One thread, which must outlive the writer.
/// </summary>
public sealed class VideoWriter : IDisposable
{
    /// <summary>Longest time that a picture is repeated for; of a longer gap the rest is left out.</summary>
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _path;
    private readonly double _rate;
    private readonly Process _process;
    private readonly Task<string> _log;
    private readonly byte[] _last;
    private TimeSpan _begun;
    private long _written;
    private bool _finished;
    private bool _disposed;

    /// <summary>Begins a file; an older one of that name is replaced.</summary>
    /// <param name="path">The file; its extension says which kind.</param>
    /// <param name="format">Of all pictures; an odd size gets a black row or column more, because videos have even ones.</param>
    /// <param name="rate">Pictures per second, from 0.1 to 1000.</param>
    /// <param name="program">The <c>ffmpeg</c> program; null for the one that <c>RTCNN_FFMPEG</c> names, else the one on the search path.</param>
    /// <exception cref="ArgumentException">The pictures are not of <see cref="PixelFormat.Rgb"/> or <see cref="PixelFormat.Rgba"/>, or have no pixels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is out of its range.</exception>
    /// <exception cref="CameraException">There is no FFmpeg, or it does not start.</exception>
    public VideoWriter(string path, FrameFormat format, double rate, string? program = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (rate is not (>= 0.1 and <= 1000))
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "A video has from 0.1 to 1000 pictures per second.");
        string pixels = format.Pixels switch
        {
            PixelFormat.Rgb => "rgb24",
            PixelFormat.Rgba => "rgba",
            _ => throw new ArgumentException($"A video is written from pictures of {PixelFormat.Rgb} or {PixelFormat.Rgba}; these are {format.Pixels}.", nameof(format)),
        };
        (_path, _rate, Format) = (path, rate, format);
        _last = new byte[format.Bytes];
        var tool = FfmpegTool.Find(program);
        try
        {
            _process = ChildProcess.Start(tool.Path, FfmpegArguments.Write(System.IO.Path.GetFullPath(path), format, pixels, rate), hasInput: true);
        }
        catch (Win32Exception error)
        {
            throw new CameraException($"The program '{tool.Path}' does not start: {error.Message}", error);
        }

        _log = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Size and layout of the pictures.</summary>
    public FrameFormat Format { get; }

    /// <summary>Appends a picture.</summary>
    /// <param name="pixels">Rows from the top, as <see cref="Format"/> says.</param>
    /// <param name="time">From when on it is shown; what the first one has is the beginning of the video.</param>
    /// <exception cref="ArgumentException">There are more or fewer bytes than a picture has.</exception>
    /// <exception cref="CameraException">FFmpeg gave up; the message says why.</exception>
    public void Add(ReadOnlySpan<byte> pixels, TimeSpan time)
    {
        ObjectDisposedException.ThrowIf(_disposed || _finished, this);
        if (pixels.Length != _last.Length)
            throw new ArgumentException($"A picture of {Format.Width}×{Format.Height} pixels has {_last.Length} bytes; there are {pixels.Length}.", nameof(pixels));
        if (_written == 0)
            _begun = time;
        var shown = TimeSpan.FromSeconds(_written / _rate);
        if (time - _begun - shown > LongestGap)
            _begun = time - shown - LongestGap;
        long place = (long)Math.Round((time - _begun).TotalSeconds * _rate);
        try
        {
            var pipe = _process.StandardInput.BaseStream;
            for (; _written < place; _written++)
                pipe.Write(_last);
            pixels.CopyTo(_last);
            if (_written > place)
                return;
            pipe.Write(_last);
            _written++;
        }
        catch (IOException error)
        {
            throw GivenUp(error);
        }
    }

    /// <summary>Ends the file.</summary>
    /// <exception cref="CameraException">FFmpeg gave up, or did not end within a minute; the message says why.</exception>
    public void Finish()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_finished)
            return;
        _finished = true;
        try
        {
            _process.StandardInput.Dispose();
        }
        catch (IOException error)
        {
            throw GivenUp(error);
        }

        if (!_process.WaitForExit(Patience))
            throw new CameraException($"The video '{_path}' cannot be written: FFmpeg did not end within {Patience.TotalSeconds:0} s.");
        if (_process.ExitCode != 0)
            throw GivenUp(null);
    }

    /// <summary>Ends the child process; a file that was not <see cref="Finish">finished</see> is left as far as it came.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended, which is what was wanted.
        }

        _process.WaitForExit(Patience);
        _process.StandardOutput.Dispose();
        _process.StandardError.Dispose();
        _process.Dispose();
    }

    private CameraException GivenUp(Exception? error)
    {
        // What it said is whole only when it has ended.
        _process.WaitForExit(Patience);
        string[] lines = _log.IsCompletedSuccessfully || _log.Wait(Patience) ? _log.Result.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [];
        return new CameraException($"The video '{_path}' cannot be written: {FfmpegErrors.LastWords(lines)}.", error!);
    }
}
