namespace RealtimeCnn.Images;

/// <summary>
/// One picture on lease: pixels in native memory, with the moment they were taken. Dispose it as soon as the pixels
/// have been used; its memory then carries a later frame. Not thread-safe; one owner at a time.
/// </summary>
public sealed class Frame : IDisposable
{
    private readonly FrameBuffer _buffer;
    private int _disposed;

    /// <summary>Wraps the pixels that <paramref name="buffer"/> holds, and takes over the lease.</summary>
    /// <param name="buffer">Memory of at least <see cref="FrameFormat.Bytes"/> bytes.</param>
    /// <param name="format">Size and layout of the pixels.</param>
    /// <param name="timestamp">When the picture was taken, on the clock of <see cref="FrameClock"/>.</param>
    /// <param name="sequence">Number of the picture in its source, counting those dropped; from 0.</param>
    /// <param name="geometry">How the stored pixels are cropped, turned and mirrored.</param>
    /// <exception cref="ArgumentException">The format is impossible, or larger than the buffer, or the crop does not lie inside it.</exception>
    public Frame(FrameBuffer buffer, FrameFormat format, TimeSpan timestamp, long sequence, FrameGeometry geometry = default)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        format.Validate();
        if (buffer.Length < format.Bytes)
            throw new ArgumentException($"A frame of {format} needs {format.Bytes} bytes; the buffer has {buffer.Length}.");
        geometry.RegionOf(new Size2d(format.Height, format.Width));
        (_buffer, Format, Timestamp, Sequence, Geometry) = (buffer, format, timestamp, sequence, geometry);
    }

    /// <summary>Size and layout of the pixels.</summary>
    public FrameFormat Format { get; }

    /// <summary>When the picture was taken, on the clock of <see cref="FrameClock"/>.</summary>
    public TimeSpan Timestamp { get; }

    /// <summary>Number of the picture in its source, counting those dropped; from 0.</summary>
    public long Sequence { get; }

    /// <summary>How the stored pixels are cropped, turned and mirrored.</summary>
    public FrameGeometry Geometry { get; }

    /// <summary>How long its source took to read and decode it into memory; zero where the source does not measure that.</summary>
    public TimeSpan DecodeTime { get; init; }

    /// <summary>The memory on lease; a GPU uploader recognises its own mapped buffers here and then copies nothing.</summary>
    /// <exception cref="ObjectDisposedException">The lease has ended.</exception>
    public FrameBuffer Buffer
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            return _buffer;
        }
    }

    /// <summary>The pixels: rows tightly packed, row 0 at the top, planes one after another.</summary>
    /// <exception cref="ObjectDisposedException">The lease has ended.</exception>
    public ReadOnlySpan<byte> Pixels => Buffer.Bytes[..Format.Bytes];

    /// <summary>The same picture for another owner: a lease of its own on the same memory, which is given back when the last one has ended. Nobody writes it any more.</summary>
    /// <exception cref="ObjectDisposedException">The lease has ended.</exception>
    public Frame Share()
    {
        var buffer = Buffer;
        buffer.Share();
        return new Frame(buffer, Format, Timestamp, Sequence, Geometry) { DecodeTime = DecodeTime };
    }

    /// <summary>Ends the lease.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _buffer.EndLease();
    }
}
