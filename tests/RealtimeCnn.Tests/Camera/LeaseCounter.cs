using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Camera;

/// <summary>A frame pool that knows how many buffers are out.</summary>
internal sealed class LeaseCounter : IFrameAllocator, IDisposable
{
    private readonly FramePool _pool = new();
    private int _onLease;

    public int OnLease => Volatile.Read(ref _onLease);

    public FrameBuffer? TryRent(int bytes)
    {
        var inner = _pool.TryRent(bytes);
        if (inner is null)
            return null;
        Interlocked.Increment(ref _onLease);
        return new Counted(this, inner);
    }

    public void Dispose() => _pool.Dispose();

    private sealed unsafe class Counted(LeaseCounter owner, FrameBuffer inner) : FrameBuffer
    {
        public override byte* Address => inner.Address;

        public override int Length => inner.Length;

        public override void Release()
        {
            Interlocked.Decrement(ref owner._onLease);
            inner.Release();
        }
    }
}
