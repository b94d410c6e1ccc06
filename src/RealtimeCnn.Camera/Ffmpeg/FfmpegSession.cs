using System.ComponentModel;
using System.Diagnostics;
using RealtimeCnn.Images;

namespace RealtimeCnn.Camera.Ffmpeg;

/// <summary>
/// One run of FFmpeg as a child process: pictures on its standard output, their formats and its complaints on its
/// standard error. Made, read and disposed by one thread; <see cref="Kill"/> may come from any.
/// </summary>
internal sealed class FfmpegSession : IDisposable
{
    private const int ChunkBytes = 1 << 16;
    private const int KeptLines = 24;
    private static readonly TimeSpan FormatTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(2);
    private readonly Process _process;
    private readonly NutReader _packets;
    private readonly Thread _logThread;
    private readonly Thread? _inputThread;
    private readonly object _logLock = new();
    private readonly Queue<(RawPicture Picture, bool Damaged)> _pictures = new();
    private readonly Queue<string> _lines = new();
    private readonly byte[] _chunk = new byte[ChunkBytes];
    private readonly Action<string> _onCorrupt;
    private RawPicture _picture;
    private bool _logEnded;
    private bool _begun;

    /// <summary>Starts FFmpeg.</summary>
    /// <param name="tool">The program.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="onCorrupt">Called for each picture that was damaged, with FFmpeg's words about it; on either thread.</param>
    /// <param name="input">What it reads on standard input; null for nothing. It stays the caller's, and is read until the session is disposed.</param>
    /// <exception cref="CameraException">The program does not start.</exception>
    public FfmpegSession(FfmpegTool tool, string[] arguments, Action<string> onCorrupt, Stream? input = null)
    {
        _onCorrupt = onCorrupt;
        try
        {
            _process = ChildProcess.Start(tool.Path, arguments, hasInput: input is not null);
        }
        catch (Win32Exception error)
        {
            throw new CameraException($"The program '{tool.Path}' does not start: {error.Message}", error);
        }

        _packets = new NutReader(_process.StandardOutput.BaseStream);
        _logThread = new Thread(ReadLog) { IsBackground = true, Name = "ffmpeg log" };
        _logThread.Start();
        if (input is not null)
        {
            _inputThread = new Thread(() => Feed(input)) { IsBackground = true, Name = "ffmpeg input" };
            _inputThread.Start();
        }
    }

    /// <summary>The child process, for diagnosis.</summary>
    public int ProcessId => _process.Id;

    /// <summary>What the input says of its duration and rate; all of it is known when the first picture is.</summary>
    public InputTiming Timing
    {
        get
        {
            lock (_logLock)
                return field;
        }

        private set
        {
            lock (_logLock)
                field = value;
        }
    }

    /// <summary>Why the session was killed, or null when it was not.</summary>
    public string? KilledBecause { get; private set; }

    /// <summary>The last lines that FFmpeg wrote, without those that describe pictures.</summary>
    public string[] LastLines
    {
        get
        {
            lock (_logLock)
                return [.. _lines];
        }
    }

    /// <summary>The next picture's format and stream time; its pixels follow. Null at the end.</summary>
    /// <exception cref="IOException">The stream broke off.</exception>
    /// <exception cref="InvalidDataException">The stream makes no sense.</exception>
    public (FrameFormat Format, TimeSpan Pts)? ReadPicture()
    {
        if (!_begun)
            _packets.ReadSignature();
        _begun = true;
        while (_packets.ReadPacket() is { } packet)
        {
            (_picture, bool damaged) = NextPicture(packet.Bytes);
            if (!damaged)
                return (_picture.Frame, packet.Pts);
            _onCorrupt("a picture was decoded only in part");
        }

        return null;
    }

    /// <summary>Copies the pixels into <paramref name="target"/>, in order and without reading them back.</summary>
    /// <param name="target">As long as the picture's format says.</param>
    /// <param name="stop">Looked at before each write, so that memory of a consumer that left is not touched.</param>
    /// <returns>The hash of the pixels.</returns>
    public ulong ReadPixels(Span<byte> target, CancellationToken stop)
    {
        var fingerprint = default(PixelFingerprint);
        if (_picture.IsWhole)
        {
            Copy(target, stop, ref fingerprint);
            return fingerprint.Value;
        }

        var frame = _picture.Frame;
        int rows = frame.Pixels == PixelFormat.Nv12 ? frame.Height * 3 / 2 : frame.Height;
        for (int row = 0; row < rows; row++)
        {
            // Rows of the second plane are as long as the pairs of pixels that they serve.
            bool chroma = row >= frame.Height;
            if (row == frame.Height)
                _packets.Skip(_picture.RowBytes * (_picture.Height - frame.Height));
            int stored = chroma ? (_picture.RowBytes + 1) & ~1 : _picture.RowBytes;
            Copy(target.Slice(row * frame.RowBytes, frame.RowBytes), stop, ref fingerprint);
            _packets.Skip(stored - frame.RowBytes);
        }

        return fingerprint.Value;
    }

    /// <summary>Waits for the process to end and returns its exit status; null when it does not end in time.</summary>
    public int? WaitForExit()
    {
        if (!_process.WaitForExit(ExitTimeout))
            return null;
        _logThread.Join(ExitTimeout);
        return _process.ExitCode;
    }

    /// <summary>Ends the process at once, which also ends every blocked read.</summary>
    public void Kill(string reason)
    {
        KilledBecause ??= reason;
        try
        {
            _process.Kill();
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            // Disposed or ended already, which is what was wanted.
        }
    }

    /// <summary>Ends the process and frees its pipes.</summary>
    public void Dispose()
    {
        Kill("closed");
        _process.WaitForExit(ExitTimeout);
        // Both threads come back once the process is gone; its pipes would otherwise stay until a collection.
        _inputThread?.Join(ExitTimeout);
        _logThread.Join(ExitTimeout);
        _process.StandardOutput.Dispose();
        _process.StandardError.Dispose();
        _process.Dispose();
    }

    private void Feed(Stream input)
    {
        try
        {
            using var pipe = _process.StandardInput.BaseStream;
            input.CopyTo(pipe);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // FFmpeg has read enough, or has ended; what it says about that is in its log.
        }
    }

    private void Copy(Span<byte> target, CancellationToken stop, ref PixelFingerprint fingerprint)
    {
        for (int at = 0; at < target.Length; at += ChunkBytes)
        {
            var chunk = _chunk.AsSpan(0, Math.Min(ChunkBytes, target.Length - at));
            _packets.ReadPayload(chunk);
            fingerprint.Add(chunk);
            stop.ThrowIfCancellationRequested();
            chunk.CopyTo(target[at..]);
        }
    }

    private (RawPicture Picture, bool Damaged) NextPicture(int bytes)
    {
        lock (_logLock)
        {
            while (true)
            {
                if (_pictures.TryDequeue(out var next))
                {
                    // A picture that was announced but never encoded leaves its lines behind.
                    if (next.Picture.Bytes == bytes)
                        return next;
                }
                else if (_logEnded || !Monitor.Wait(_logLock, FormatTimeout))
                {
                    throw new InvalidDataException($"FFmpeg sent a picture of {bytes} bytes and did not say how it lies in memory.");
                }
            }
        }
    }

    private void ReadLog()
    {
        var info = new ShowInfo();
        bool damaged = false;
        try
        {
            while (_process.StandardError.ReadLine() is { } line)
            {
                if (line.StartsWith("[Parsed_showinfo", StringComparison.Ordinal))
                {
                    if (info.Read(line) is { } picture)
                    {
                        lock (_logLock)
                        {
                            _pictures.Enqueue((picture, damaged));
                            Monitor.PulseAll(_logLock);
                        }

                        damaged = false;
                    }

                    continue;
                }

                Timing = Timing.With(line);
                if (FfmpegErrors.IsUndecodable(line))
                    _onCorrupt(line.Trim());
                damaged |= FfmpegErrors.IsDamaged(line);
                lock (_logLock)
                {
                    if (_lines.Count == KeptLines)
                        _lines.Dequeue();
                    _lines.Enqueue(line);
                }
            }
        }
#pragma warning disable CA1031 // An exception on this thread would end the process; it ends the session, with its message.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Kill(error.Message);
        }
        finally
        {
            lock (_logLock)
            {
                _logEnded = true;
                Monitor.PulseAll(_logLock);
            }
        }
    }
}
