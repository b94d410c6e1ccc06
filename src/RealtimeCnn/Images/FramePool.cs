namespace RealtimeCnn.Images;

/// <summary>
/// A bounded set of reusable frame buffers in native memory. In steady state nothing is allocated; when the frame size
/// changes, buffers of the old size are freed as they come back.
/// </summary>
/// <param name="capacity">Most buffers that exist at once, at least 1.</param>
public sealed unsafe class FramePool(int capacity = 8) : IFrameAllocator, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Stack<Block> _free = new(capacity);
    private int _alive;
    private bool _disposed;

    /// <summary>Buffers that exist: on lease or waiting.</summary>
    public int Alive
    {
        get
        {
            lock (_lock)
                return _alive;
        }
    }

    /// <inheritdoc/>
    public FrameBuffer? TryRent(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            while (_free.TryPop(out var block))
            {
                if (block.Length >= bytes && block.Length <= 2L * bytes)
                    return block;
                Free(block);
            }

            if (_alive == capacity)
                return null;
            _alive++;
            return new Block(this, bytes);
        }
    }

    /// <summary>Frees the waiting buffers now, and those on lease when they come back.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            while (_free.TryPop(out var block))
                Free(block);
        }
    }

    private void Return(Block block)
    {
        lock (_lock)
        {
            if (_disposed)
                Free(block);
            else
                _free.Push(block);
        }
    }

    private void Free(Block block)
    {
        _alive--;
        AlignedMemory.Free(block.Address);
    }

    private sealed class Block(FramePool pool, int length) : FrameBuffer
    {
        private readonly byte* _address = (byte*)AlignedMemory.Allocate((nuint)length, "a frame");

        public override byte* Address => _address;

        public override int Length => length;

        public override void Release() => pool.Return(this);
    }
}
