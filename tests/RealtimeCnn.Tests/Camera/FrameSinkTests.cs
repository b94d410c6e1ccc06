using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Camera;

/// <summary>Delivery, counters, waiting and disposal, through a source that does what each test says.</summary>
public sealed class FrameSinkTests
{
    private static readonly FrameFormat Format = new(4, 2, PixelFormat.Gray);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Latest_keeps_the_newest_and_counts_the_rest()
    {
        using var delivered = new ManualResetEventSlim();
        using var source = new Scripted((sink, stop) =>
        {
            for (byte i = 0; i < 5; i++)
                Deliver(sink, i);
            delivered.Set();
            stop.WaitHandle.WaitOne();
        });
        source.Start();
        Assert.True(delivered.Wait(Patience));
        using var frame = source.TryTake();
        Assert.Equal((4L, (byte)4), (frame!.Sequence, frame.Pixels[0]));
        Assert.Null(source.TryTake());
        Assert.Equal((SourceState.Streaming, 5, 4), (source.Status.State, source.Status.FramesIn, source.Status.FramesDropped));
    }

    [Fact]
    public void Every_waits_for_the_consumer_and_loses_none()
    {
        using var source = new Scripted((sink, _) =>
        {
            for (byte i = 0; i < 50; i++)
                Deliver(sink, i);
        });
        source.Start(FrameDelivery.Every);
        for (int i = 0; i < 50; i++)
        {
            using var frame = source.Take(Patience);
            Assert.Equal(((long)i, (byte)i), (frame!.Sequence, frame.Pixels[0]));
        }

        Assert.Null(source.Take(Patience));
        Assert.Equal(0, source.Status.FramesDropped);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.5)]
    [InlineData(-1.5)]
    [InlineData(-5000)]
    public async Task A_moment_that_has_passed_is_no_time_to_wait(double milliseconds)
    {
        using var source = new Scripted((sink, _) => sink.RestUntil(FrameClock.Now + TimeSpan.FromMilliseconds(milliseconds)));
        source.Start();
        Assert.Null(await Task.Run(() => source.Take(Patience)));
        Assert.Equal((SourceState.Ended, false), (source.Status.State, source.Status.Faulted));
    }

    [Fact]
    public void Frames_without_free_memory_are_dropped_and_counted()
    {
        using var pool = new FramePool(1);
        using var source = new Scripted((sink, stop) =>
        {
            for (byte i = 0; i < 5; i++)
                Deliver(sink, i);
            stop.WaitHandle.WaitOne();
        });
        source.Start(FrameDelivery.Latest, pool);
        Assert.True(SpinWait.SpinUntil(() => source.Status.FramesIn == 5, Patience));
        using var frame = source.TryTake();
        Assert.Equal(0, frame!.Sequence);
        Assert.Equal(4, source.Status.FramesDropped);
    }

    [Fact]
    public void Repeated_pictures_are_counted()
    {
        using var source = new Scripted((sink, _) =>
        {
            foreach (byte shade in (byte[])[1, 1, 2, 2, 2, 1])
                Deliver(sink, shade);
        });
        source.Start(FrameDelivery.Every);
        while (source.Take(Patience) is { } frame)
            frame.Dispose();
        Assert.Equal((6, 3), (source.Status.FramesIn, source.Status.FramesDuplicated));
    }

    [Fact]
    public void Take_returns_at_its_timeout_and_at_cancellation()
    {
        using var source = new Scripted((_, stop) => stop.WaitHandle.WaitOne());
        source.Start();
        Assert.Null(source.Take(TimeSpan.FromMilliseconds(20)));
        using var cancellation = new CancellationTokenSource(20);
        Assert.ThrowsAny<OperationCanceledException>(() => source.Take(Timeout.InfiniteTimeSpan, cancellation.Token));
    }

    [Fact]
    public async Task Disposal_ends_a_wait_of_any_length()
    {
        var source = new Scripted((_, stop) => stop.WaitHandle.WaitOne());
        source.Start();
        var waiting = Task.Run(() => source.Take(Timeout.InfiniteTimeSpan));
        source.Dispose();
        Assert.Null(await waiting.WaitAsync(Patience));
    }

    [Fact]
    public void A_driver_that_never_comes_back_does_not_hold_up_disposal()
    {
        using var never = new ManualResetEventSlim();
        var source = new Scripted((_, _) => never.Wait(CancellationToken.None));
        source.Start();
        source.Dispose();
        Assert.Equal(SourceState.Ended, source.Status.State);
        Assert.Contains("abandoned", source.Status.Reason, StringComparison.Ordinal);
        never.Set();
    }

    [Fact]
    public void Disposal_returns_every_buffer()
    {
        using var pool = new LeaseCounter();
        var source = new Scripted((sink, stop) =>
        {
            while (!stop.IsCancellationRequested)
                Deliver(sink, 1);
        });
        source.Start(FrameDelivery.Latest, pool);
        source.Take(Patience)!.Dispose();
        // One more was dropped, so one is waiting.
        long dropped = source.Status.FramesDropped;
        Assert.True(SpinWait.SpinUntil(() => source.Status.FramesDropped > dropped, Patience));
        source.Dispose();
        Assert.Equal(0, pool.OnLease);
        Assert.Null(source.TryTake());
    }

    [Fact]
    public void An_exception_ends_the_source_with_its_message()
    {
        using var source = new Scripted((_, _) => throw new CameraException("the lens cap is on"));
        source.Start();
        Assert.Null(source.Take(Patience));
        Assert.Equal((SourceState.Ended, true, "the lens cap is on"), (source.Status.State, source.Status.Faulted, source.Status.Reason));
    }

    [Fact]
    public void A_second_start_is_refused()
    {
        using var source = new Scripted((_, _) => { });
        source.Start();
        Assert.Throws<InvalidOperationException>(() => source.Start());
    }

    [Fact]
    public void States_are_announced_in_order_and_may_be_handled_by_disposal()
    {
        var source = new Scripted((sink, stop) =>
        {
            Deliver(sink, 1);
            sink.Report(SourceState.Lost, "gone");
            sink.Report(SourceState.Reopening, "gone");
            Deliver(sink, 2);
            stop.WaitHandle.WaitOne();
        });
        List<SourceState> states = [];
        source.StatusChanged += (_, status) =>
        {
            states.Add(status.State);
            if (states.Count(state => state == SourceState.Streaming) == 2)
                source.Dispose();
        };
        source.Start();
        Assert.True(SpinWait.SpinUntil(() => source.Status.State == SourceState.Ended && states.Count == 6, Patience));
        Assert.Equal([SourceState.Opening, SourceState.Streaming, SourceState.Lost, SourceState.Reopening, SourceState.Streaming, SourceState.Ended], states);
    }

    [Theory]
    [InlineData(SourceState.Opening)]
    [InlineData(SourceState.Streaming)]
    [InlineData(SourceState.Stalled)]
    public void What_a_handler_throws_reaches_the_consumer_and_disturbs_nobody_else(SourceState at)
    {
        using var again = new ManualResetEventSlim();
        using var source = new Scripted((sink, stop) =>
        {
            sink.Watch(TimeSpan.FromMilliseconds(50));
            Deliver(sink, 1);
            again.Wait(stop);
            Deliver(sink, 2);
            stop.WaitHandle.WaitOne();
        });
        using var reached = new ManualResetEventSlim();
        List<SourceState> other = [];
        source.StatusChanged += (_, status) =>
        {
            if (status.State == at)
                throw new InvalidTimeZoneException("from the handler");
        };
        source.StatusChanged += (_, status) =>
        {
            lock (other)
                other.Add(status.State);
            if (status.State == at)
                reached.Set();
        };
        source.Start();
        Assert.True(reached.Wait(Patience));
        Assert.Equal("from the handler", Assert.Throws<InvalidTimeZoneException>(() => source.Take(Patience)).Message);
        again.Set();
        Assert.True(SpinWait.SpinUntil(() => source.Status.FramesIn == 2, Patience));
        using var frame = source.Take(Patience);
        Assert.Equal(1, frame?.Sequence);
        lock (other)
            Assert.Equal(SourceState.Streaming, other[1]);
    }

    [Fact]
    public void The_reason_of_an_unexpected_end_is_a_sentence_and_the_exception_is_kept()
    {
        using var source = new Scripted((_, _) => throw new NotSupportedException("no such lens"));
        source.Start();
        Assert.Null(source.Take(Patience));
        Assert.Equal("scripted failed: no such lens (NotSupportedException)", source.Status.Reason);
        Assert.Contains(nameof(FrameSinkTests), Assert.IsType<NotSupportedException>(source.Error).StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public void Decoding_counts_from_its_beginning_and_waiting_does_not_count()
    {
        using var source = new Scripted((sink, _) =>
        {
            for (byte i = 0; i < 2; i++)
            {
                sink.BeginPicture();
                using var work = new ManualResetEventSlim();
                work.Wait(60, CancellationToken.None);
                Deliver(sink, i);
            }
        });
        source.Start(FrameDelivery.Every);
        Assert.True(SpinWait.SpinUntil(() => source.Status.FramesIn == 1, Patience));
        using var meanwhile = new ManualResetEventSlim();
        meanwhile.Wait(1500);
        for (int i = 0; i < 2; i++)
        {
            using var frame = source.Take(Patience);
            Assert.InRange(frame!.DecodeTime.TotalMilliseconds, 55, 1300);
        }
    }

    private static void Deliver(FrameSink sink, byte shade)
    {
        if (sink.Rent(Format) is not { } buffer)
            return;
        buffer.Bytes.Fill(shade);
        var fingerprint = default(PixelFingerprint);
        fingerprint.Add([shade]);
        sink.Deliver(buffer, Format, FrameClock.Now, fingerprint.Value);
    }

    private sealed class Scripted(Action<FrameSink, CancellationToken> script) : FrameSource("scripted")
    {
        protected override void Run(FrameSink sink, CancellationToken cancellation) => script(sink, cancellation);
    }
}
