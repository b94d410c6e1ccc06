using System.Diagnostics;
using RealtimeCnn.Benchmarks.Soak;
using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Camera;

/// <summary>What a network camera can do to us, each time until frames flow again.</summary>
public sealed class LiveStreamTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly CameraOptions Quick = new()
    {
        StallAfter = TimeSpan.FromSeconds(0.6),
        LostAfter = TimeSpan.FromSeconds(2),
        FrozenAfter = TimeSpan.FromSeconds(0.5),
        FirstBackOff = TimeSpan.FromSeconds(0.1),
        LongestBackOff = TimeSpan.FromSeconds(0.4),
    };

    private readonly FakeWebcam _webcam;

    public LiveStreamTests() => _webcam = new FakeWebcam(FakeWebcam.Encode(96, 64));

    public void Dispose() => _webcam.Dispose();

    [Fact]
    public void Killed_in_the_middle_it_is_lost_and_streams_again_when_it_is_back()
    {
        using var viewer = new Viewer(_webcam.Url, Quick);
        viewer.WaitForPictures(3);
        _webcam.Unplug();
        viewer.WaitFor(SourceState.Lost);
        viewer.WaitFor(SourceState.Reopening);
        _webcam.Plug();
        viewer.WaitForPictures(3);
        viewer.WaitFor(SourceState.Streaming);
        Assert.Equal([SourceState.Opening, SourceState.Streaming, SourceState.Lost, SourceState.Reopening], viewer.States.Where(state => state != SourceState.Stalled).Take(4));
        Assert.Contains("127.0.0.1", viewer.Reason(SourceState.Lost), StringComparison.Ordinal);
        Assert.False(viewer.Source.Status.Faulted);
    }

    [Fact]
    public void Resized_in_the_middle_it_goes_on_in_the_new_size()
    {
        using var viewer = new Viewer(_webcam.Url, Quick);
        viewer.WaitForPictures(3, (96, 64));
        _webcam.Pictures = FakeWebcam.Encode(64, 96);
        viewer.WaitForPictures(3, (64, 96));
        Assert.DoesNotContain(SourceState.Lost, viewer.States);
    }

    [Fact]
    public void Garbage_is_skipped_and_counted()
    {
        using var viewer = new Viewer(_webcam.Url, Quick);
        viewer.WaitForPictures(3);
        _webcam.SendGarbage(4);
        Assert.True(SpinWait.SpinUntil(() => viewer.Source.Status.FramesCorrupt >= 4, Patience), $"{viewer.Source.Status}");
        viewer.WaitForPictures(3);
        Assert.Equal(4, viewer.Source.Status.FramesCorrupt);
        Assert.DoesNotContain(SourceState.Lost, viewer.States);
    }

    [Fact]
    public void Silent_but_connected_it_is_stalled_then_lost_then_back()
    {
        using var viewer = new Viewer(_webcam.Url, Quick);
        viewer.WaitForPictures(3);
        _webcam.Paused = true;
        viewer.WaitFor(SourceState.Stalled);
        viewer.WaitFor(SourceState.Lost);
        Assert.Contains("no picture for", viewer.Reason(SourceState.Stalled), StringComparison.Ordinal);
        _webcam.Paused = false;
        viewer.WaitFor(SourceState.Streaming);
    }

    [Fact]
    public void A_repeated_picture_counts_as_frozen_until_it_moves()
    {
        using var viewer = new Viewer(_webcam.Url, Quick);
        viewer.WaitForPictures(3);
        _webcam.Frozen = true;
        // A machine that is busy elsewhere may have been silent before.
        viewer.WaitForReason(SourceState.Stalled, "same picture repeats");
        Assert.True(viewer.Source.Status.FramesDuplicated >= 5);
        _webcam.Frozen = false;
        viewer.WaitFor(SourceState.Streaming);
    }

    [Fact]
    public void One_that_is_not_there_is_refused_at_once_with_the_reason()
    {
        _webcam.Unplug();
        using var source = FrameSources.Open(_webcam.Url.ToString());
        source.Start();
        Assert.Null(source.Take(Patience));
        Assert.Equal((SourceState.Ended, true), (source.Status.State, source.Status.Faulted));
        Assert.Contains("connection refused", source.Status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_not_there_yet_is_waited_for_when_asked()
    {
        _webcam.Unplug();
        using var viewer = new Viewer(_webcam.Url, Quick with { KeepTrying = true });
        viewer.WaitFor(SourceState.Reopening);
        _webcam.Plug();
        viewer.WaitForPictures(1);
    }

    [Fact]
    public void Disposal_in_any_moment_ends_the_child_process()
    {
        using var source = FfmpegSource.Url(_webcam.Url);
        source.Start();
        using (source.Take(Patience))
        {
            int child = source.ProcessId!.Value;
            _webcam.Paused = true;
            source.Dispose();
            Assert.Throws<ArgumentException>(() => Process.GetProcessById(child));
        }
    }

    [Fact]
    public void Pictures_are_stamped_before_they_arrive_and_in_order()
    {
        using var source = FfmpegSource.Url(_webcam.Url, Quick);
        source.Start();
        var last = TimeSpan.MinValue;
        for (int i = 0; i < 20; i++)
        {
            using var frame = source.Take(Patience);
            Assert.True(frame!.Timestamp > last && frame.Timestamp <= FrameClock.Now);
            last = frame.Timestamp;
        }
    }

    [Fact]
    public void Two_cameras_run_side_by_side_each_with_its_own_pictures_and_rate()
    {
        using var slow = new FakeWebcam(FakeWebcam.Encode(64, 48), rate: 10);
        using var first = new Viewer(_webcam.Url, Quick);
        using var second = new Viewer(slow.Url, Quick);
        second.WaitForPictures(1, (64, 48));
        first.WaitForPictures(1, (96, 64));
        long before = first.Source.Status.FramesIn;
        second.WaitForPictures(10, (64, 48));
        long meanwhile = first.Source.Status.FramesIn - before;
        // Five times the rate; a busy machine may lose more than half of that.
        Assert.True(meanwhile >= 20, $"{meanwhile} pictures of the fast camera came with 10 of the slow one");
        first.WaitForPictures(1, (96, 64));
    }

    /// <summary>A consumer that notes the states.</summary>
    private sealed class Viewer : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly List<SourceStatus> _statuses = [];

        public Viewer(Uri url, CameraOptions options)
        {
            Source = FfmpegSource.Url(url, options);
            Source.StatusChanged += (_, status) =>
            {
                lock (_lock)
                    _statuses.Add(status);
            };
            Source.Start();
        }

        public FfmpegSource Source { get; }

        public SourceState[] States
        {
            get
            {
                lock (_lock)
                    return [.. _statuses.Select(status => status.State)];
            }
        }

        public string Reason(SourceState state)
        {
            lock (_lock)
                return _statuses.Last(status => status.State == state).Reason;
        }

        /// <summary>Waits until the state shows up after the last one that was waited for.</summary>
        public void WaitFor(SourceState state)
        {
            int from = States.Length > 0 && States[^1] == state ? States.Length - 1 : _seen;
            Assert.True(SpinWait.SpinUntil(() => Array.IndexOf(States, state, Math.Min(from, States.Length)) >= 0, Patience), $"{state} never came; {string.Join(", ", States)}; {Source.Status}");
            _seen = Array.IndexOf(States, state, from) + 1;
        }

        /// <summary>Waits until the state came for a reason.</summary>
        public void WaitForReason(SourceState state, string reason)
        {
            Assert.True(SpinWait.SpinUntil(Came, Patience), $"{state} never came because '{reason}'; {string.Join(", ", States)}; {Source.Status}");

            bool Came()
            {
                lock (_lock)
                    return (_seen = _statuses.FindIndex(status => status.State == state && status.Reason.Contains(reason, StringComparison.Ordinal)) + 1) > 0;
            }
        }

        public void WaitForPictures(int count, (int Width, int Height)? size = null)
        {
            long end = Stopwatch.GetTimestamp() + (long)(Patience.TotalSeconds * Stopwatch.Frequency);
            while (count > 0)
            {
                Assert.True(Stopwatch.GetTimestamp() < end, $"too few pictures: {Source.Status}");
                using var frame = Source.Take(TimeSpan.FromSeconds(1));
                if (frame is not null && (size is not { } asked || (frame.Format.Width, frame.Format.Height) == asked))
                    count--;
            }
        }

        public void Dispose() => Source.Dispose();

        private int _seen;
    }
}
