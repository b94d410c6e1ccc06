using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>
/// Writes frames to a file, exactly as they came: pixels, formats, times, numbers. <see cref="ReplaySource"/> plays them
/// again. Not thread-safe.
/// </summary>
/// <remarks>
/// The file: the 8 bytes <c>RTCNN02\n</c>, then per frame, little-endian: width, height, pixel format, matrix, range,
/// rotation, mirrored, the region seen (left, top, width, height; width 0 for all) (int32 each), sequence, timestamp in ticks of 100 ns, hash of the pixels (int64 each), the pixels.
/// Pictures are not compressed: 640×480 Nv12 at 30 per second is 14 MB/s.
/// </remarks>
public sealed class FrameRecorder : IDisposable
{
    /// <summary>How the names of recordings end.</summary>
    public const string Extension = ".rtcnn";

    private readonly BinaryWriter _file;
    private int _writing;
    private bool _disposed;

    /// <summary>Begins a recording; an older file of that name is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CameraException">The file cannot be written.</exception>
    public FrameRecorder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            _file = new BinaryWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CameraException($"The recording '{path}' cannot be written: {error.Message}", error);
        }

        _file.Write(Magic);
    }

    internal static ReadOnlySpan<byte> Magic => "RTCNN02\n"u8;

    /// <summary>Appends a frame.</summary>
    /// <param name="frame">The frame; it stays the caller's.</param>
    /// <exception cref="ObjectDisposedException">The recording has ended.</exception>
    /// <exception cref="InvalidOperationException">Another thread is adding one.</exception>
    /// <exception cref="IOException">It cannot be written, because the disk is full, say.</exception>
    public void Add(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Interlocked.Exchange(ref _writing, 1) != 0)
            throw new InvalidOperationException("Two threads record at once; a recording is written by one.");
        try
        {
            Write(frame);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    /// <summary>Hands all that was added to the operating system, so that none of it is lost with this program.</summary>
    /// <exception cref="ObjectDisposedException">The recording has ended.</exception>
    /// <exception cref="IOException">It cannot be written, because the disk is full, say.</exception>
    public void Flush()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _file.Flush();
    }

    /// <summary>Ends the recording.</summary>
    public void Dispose()
    {
        _disposed = true;
        _file.Dispose();
    }

    private void Write(Frame frame)
    {
        var (format, geometry) = (frame.Format, frame.Geometry);
        var crop = geometry.Crop.GetValueOrDefault();
        foreach (int field in (ReadOnlySpan<int>)[
            format.Width, format.Height, (int)format.Pixels, (int)format.Matrix, (int)format.Range, (int)geometry.Rotation, geometry.Mirrored ? 1 : 0,
            crop.Left, crop.Top, crop.Width, crop.Height])
        {
            _file.Write(field);
        }

        _file.Write(frame.Sequence);
        _file.Write(frame.Timestamp.Ticks);
        var fingerprint = default(PixelFingerprint);
        fingerprint.Add(frame.Pixels);
        _file.Write(fingerprint.Value);
        _file.Write(frame.Pixels);
    }
}
