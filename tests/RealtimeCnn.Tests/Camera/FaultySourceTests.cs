using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Camera;

public sealed class FaultySourceTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly FaultySource _source = new(new TestPatternSource(64, 48, 100));
    private readonly List<SourceStatus> _seen = [];

    public FaultySourceTests()
    {
        _source.StatusChanged += (_, status) =>
        {
            lock (_seen)
                _seen.Add(status);
        };
    }

    public void Dispose() => _source.Dispose();

    [Fact]
    public void It_begins_as_opening_and_streams()
    {
        Assert.Equal(SourceState.Idle, _source.Status.State);
        StartStreaming();
        Assert.Equal([SourceState.Opening, SourceState.Streaming], States[..2]);
    }

    [Fact]
    public void A_stall_is_seen_and_ends()
    {
        StartStreaming();
        _source.Stall();
        Becomes(SourceState.Stalled);
        Assert.Contains("no picture", _source.Status.Reason, StringComparison.Ordinal);
        _source.Resume();
        Becomes(SourceState.Streaming);
    }

    [Fact]
    public void A_freeze_is_seen_and_ends()
    {
        StartStreaming();
        _source.Freeze();
        // On a busy machine the pictures themselves may fail to come for a moment, which is another reason.
        Assert.True(SpinWait.SpinUntil(() => _source.Status is { State: SourceState.Stalled, Reason: { } reason } && reason.Contains("same picture", StringComparison.Ordinal), Patience));
        Assert.True(_source.Status.FramesDuplicated >= 5);
        _source.Thaw();
        Becomes(SourceState.Streaming);
    }

    [Fact]
    public void An_unplugged_one_is_lost_then_reopening_then_streaming_when_it_is_plugged_in()
    {
        StartStreaming();
        _source.Unplug();
        Becomes(SourceState.Reopening);
        _source.TryTake()?.Dispose();
        Assert.Null(_source.Take(TimeSpan.FromMilliseconds(100)));
        _source.Plug();
        Becomes(SourceState.Streaming);
        Assert.True(SpinWait.SpinUntil(() => States.Length == 5, Patience));
        Assert.Equal([SourceState.Opening, SourceState.Streaming, SourceState.Lost, SourceState.Reopening, SourceState.Streaming], States);
    }

    [Fact]
    public void A_new_size_comes_with_the_scene_in_it()
    {
        StartStreaming();
        _source.Resize(128, 96);
        Frame frame;
        while ((frame = Picture()).Format.Width != 128)
            frame.Dispose();
        using (frame)
        {
            Assert.Equal(96, frame.Format.Height);
            // Every pixel of the original stands for four.
            Assert.True(frame.Pixels[..4].SequenceEqual(frame.Pixels.Slice(((128 * 1) + 1) * 4, 4)));
        }
    }

    [Fact]
    public void Garbage_is_skipped_and_counted()
    {
        StartStreaming();
        _source.SendGarbage(3);
        Assert.True(SpinWait.SpinUntil(() => _source.Status.FramesCorrupt == 3, Patience));
        Picture().Dispose();
        Assert.Equal(3, _source.Status.FramesCorrupt);
    }

    [Fact]
    public void A_failure_ends_it_with_the_reason()
    {
        StartStreaming();
        _source.Fail("the lens fell off");
        Becomes(SourceState.Ended);
        Assert.Equal((true, "the lens fell off"), (_source.Status.Faulted, _source.Status.Reason));
    }

    [Fact]
    public void The_end_of_the_inner_source_is_its_own()
    {
        using var source = new FaultySource(new TestPatternSource(64, 48, 100, pictures: 3));
        source.Start(FrameDelivery.Every);
        for (int i = 0; i < 3; i++)
            source.Take(Patience)!.Dispose();
        Assert.Null(source.Take(Patience));
        Assert.Equal((SourceState.Ended, false), (source.Status.State, source.Status.Faulted));
    }

    [Theory]
    [InlineData(PixelFormat.Gray)]
    [InlineData(PixelFormat.Rgb)]
    [InlineData(PixelFormat.Bgra)]
    [InlineData(PixelFormat.Yuyv)]
    [InlineData(PixelFormat.Nv12)]
    public void Halving_a_doubled_picture_gives_it_back(PixelFormat pixels)
    {
        var small = new FrameFormat(6, 4, pixels);
        var large = new FrameFormat(12, 8, pixels);
        var original = new byte[small.Bytes];
        new Random(1).NextBytes(original);
        var doubled = new byte[large.Bytes];
        var halved = new byte[small.Bytes];
        NearestPixels.Resample(original, small, doubled, large);
        NearestPixels.Resample(doubled, large, halved, small);
        Assert.Equal(original, halved);
        Assert.True(doubled.Length == original.Length * 4 && doubled.Distinct().Order().SequenceEqual(original.Distinct().Order()));
    }

    // Without the stalls that a busy machine makes.
    private SourceState[] States
    {
        get
        {
            lock (_seen)
                return [.. _seen.Select(status => status.State).Where(state => state != SourceState.Stalled).Aggregate(Array.Empty<SourceState>(), (states, state) => states is [.., var last] && last == state ? states : [.. states, state])];
        }
    }

    private void StartStreaming()
    {
        _source.Start();
        Picture().Dispose();
        // The picture may be taken before the event is raised.
        Assert.True(SpinWait.SpinUntil(() => States is [.., SourceState.Streaming], Patience));
    }

    private Frame Picture()
    {
        var frame = _source.Take(Patience);
        Assert.NotNull(frame);
        return frame;
    }

    private void Becomes(SourceState state) =>
        Assert.True(SpinWait.SpinUntil(() => _source.Status.State == state, Patience), $"{state} never came: {_source.Status}");
}
