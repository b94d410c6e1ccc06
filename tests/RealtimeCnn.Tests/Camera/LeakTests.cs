using RealtimeCnn.Benchmarks.Soak;
using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Camera;

/// <summary>Two hundred lives of a camera leave the process as it was.</summary>
[Collection(nameof(RunsAlone))]
public sealed class LeakTests
{
    private const int Cycles = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Opening_losing_and_closing_a_stream_leaves_no_process_handle_thread_or_memory_behind()
    {
        byte[][] pictures = FakeWebcam.Encode(64, 48, pictures: 4);
        byte[][] turned = FakeWebcam.Encode(48, 64, pictures: 4);
        using var webcam = new FakeWebcam(pictures, rate: 200);
        for (int i = 0; i < 10; i++)
            Live(webcam, i, pictures, turned);
        var before = Footprint.Now(device: null);
        for (int i = 0; i < Cycles; i++)
            Live(webcam, i, pictures, turned);
        var after = Footprint.Now(device: null);
        Assert.Equal(before.Children, after.Children);
        // Thread pool and runtime keep a few of their own; one leak per cycle would be two hundred.
        Assert.InRange(after.Handles - before.Handles, int.MinValue, 20);
        Assert.InRange(after.Threads - before.Threads, int.MinValue, 20);
        Assert.InRange(after.ManagedBytes - before.ManagedBytes, long.MinValue, 2 << 20);
        // One picture leaked per cycle in native memory would be 200 × 36 KiB.
        Assert.InRange(after.ResidentBytes - before.ResidentBytes, long.MinValue, 48 << 20);
    }

    // Every cycle streams; every fourth goes through garbage, a new size, or a loss before it ends.
    private static void Live(FakeWebcam webcam, int cycle, byte[][] pictures, byte[][] turned)
    {
        var pool = new LeaseCounter();
        using (var source = FfmpegSource.Url(webcam.Url, new CameraOptions { FirstBackOff = TimeSpan.FromMilliseconds(10) }))
        {
            source.Start(FrameDelivery.Latest, pool);
            Take(source);
            switch (cycle % 16)
            {
                case 0:
                    webcam.SendGarbage(2);
                    Assert.True(SpinWait.SpinUntil(() => source.Status.FramesCorrupt > 0, Patience));
                    break;
                case 4:
                    webcam.Pictures = turned;
                    while (Take(source).Width != 48)
                    {
                    }

                    webcam.Pictures = pictures;
                    break;
                case 8:
                    webcam.Unplug();
                    Assert.True(SpinWait.SpinUntil(() => source.Status.State is SourceState.Lost or SourceState.Reopening, Patience));
                    webcam.Plug();
                    Assert.True(SpinWait.SpinUntil(() => source.Status.State == SourceState.Streaming, Patience));
                    break;
            }
        }

        Assert.Equal(0, pool.OnLease);
        pool.Dispose();
    }

    private static FrameFormat Take(FfmpegSource source)
    {
        using var frame = source.Take(Patience);
        Assert.NotNull(frame);
        return frame.Format;
    }
}

/// <summary>Tests that measure the whole process run when no other does.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;
