using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Live;

/// <summary>A camera that takes a picture when a test says so: one level of gray, numbered.</summary>
internal sealed class ScriptedSource : IFrameSource
{
    private static readonly FrameFormat Format = new(8, 8, PixelFormat.Rgb);
    private long _sequence;
    private Frame? _newest;

    public event EventHandler<SourceStatus>? StatusChanged;

    public FramePool Pool { get; } = new(32);

    public string Name => "scripted";

    public SourceStatus Status { get; private set; }

    public static Frame Picture(FramePool pool, long sequence, byte level)
    {
        var buffer = pool.TryRent(Format.Bytes)!;
        buffer.Bytes[..Format.Bytes].Fill(level);
        return new Frame(buffer, Format, TimeSpan.FromMilliseconds(sequence), sequence);
    }

    public void Shoot(byte level = 100)
    {
        _newest?.Dispose();
        _newest = Picture(Pool, _sequence++, level);
    }

    public void Start(FrameDelivery delivery = FrameDelivery.Latest, IFrameAllocator? allocator = null)
    {
        Assert.Equal(SourceState.Idle, Status.State);
        Status = Status with { State = SourceState.Streaming, Reason = "" };
        StatusChanged?.Invoke(this, Status);
    }

    public Frame? TryTake() => Interlocked.Exchange(ref _newest, null);

    public Frame? Take(TimeSpan timeout, CancellationToken cancellation = default) => TryTake();

    public void Dispose()
    {
        TryTake()?.Dispose();
        Pool.Dispose();
    }
}
