namespace RealtimeCnn.Images;

/// <summary>A block of native memory that a source fills with one picture; it goes back to its pool after use.</summary>
public abstract unsafe class FrameBuffer
{
    // Leases besides the one that it was rented with.
    private int _shares;

    /// <summary>Address of the first byte, aligned to 64.</summary>
    public abstract byte* Address { get; }

    /// <summary>Size, in bytes.</summary>
    public abstract int Length { get; }

    /// <summary>The memory, writable. Mapped GPU memory may be write-combined: write it in order, and do not read it back.</summary>
    public Span<byte> Bytes => new(Address, Length);

    /// <summary>Gives the block back to where it came from. Callable from any thread; called once per lease.</summary>
    public abstract void Release();

    /// <summary>One more lease: <see cref="EndLease"/> gives the block back with the last.</summary>
    internal void Share() => Interlocked.Increment(ref _shares);

    internal void EndLease()
    {
        if (Interlocked.Decrement(ref _shares) >= 0)
            return;
        _shares = 0;
        Release();
    }
}

/// <summary>
/// Where a source gets the memory for its next picture. The default is <see cref="FramePool"/>; a GPU uploader supplies
/// mapped memory instead, so that a camera writes straight into the upload buffer.
/// </summary>
public interface IFrameAllocator
{
    /// <summary>A block of at least <paramref name="bytes"/> bytes, or null when all are in use and the frame should be dropped. Callable from any thread; never blocks.</summary>
    FrameBuffer? TryRent(int bytes);
}
