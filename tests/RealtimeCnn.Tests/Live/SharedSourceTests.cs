using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Live;

/// <summary>One camera for several consumers.</summary>
public sealed class SharedSourceTests
{
    [Fact]
    public void Each_consumer_sees_the_newest_picture_whatever_the_others_do()
    {
        var camera = new ScriptedSource();
        using var shared = new SharedSource(camera);
        using IFrameSource quick = shared.Open(), slow = shared.Open();
        quick.Start();
        slow.Start();
        var seen = new List<long>();
        for (int i = 0; i < 3; i++)
        {
            camera.Shoot((byte)(10 * i));
            using var picture = quick.TryTake()!;
            Assert.Equal(10 * i, picture.Pixels[5]);
            seen.Add(picture.Sequence);
            Assert.Null(quick.TryTake());
        }

        Assert.Equal([0, 1, 2], seen);
        using (var newest = slow.TryTake()!)
            Assert.Equal((2, (byte)20), (newest.Sequence, newest.Pixels[5]));
        Assert.Null(slow.TryTake());
    }

    [Fact]
    public void The_memory_goes_back_when_the_last_lease_has_ended()
    {
        var camera = new ScriptedSource();
        using var shared = new SharedSource(camera);
        using IFrameSource first = shared.Open(), second = shared.Open();
        first.Start();
        camera.Shoot(7);
        var one = first.TryTake()!;
        var other = second.TryTake()!;
        one.Dispose();
        one.Dispose();
        Assert.Equal(7, other.Pixels[0]);
        Assert.Throws<ObjectDisposedException>(() => one.Share());
        other.Dispose();
        for (int i = 0; i < 100; i++)
        {
            camera.Shoot();
            first.TryTake()!.Dispose();
        }

        // One that waits for the second consumer, and the one that was taken.
        Assert.InRange(camera.Pool.Alive, 1, 3);
        second.Dispose();
        camera.Shoot();
        using var last = first.TryTake();
        Assert.NotNull(last);
        Assert.Contains("Latest", Assert.Throws<NotSupportedException>(() => first.Start(FrameDelivery.Every)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_end_is_the_end_for_all()
    {
        var camera = new ScriptedSource();
        IFrameSource tap;
        using (var shared = new SharedSource(camera))
        {
            tap = shared.Open();
            using var other = shared.Open();
            tap.Start();
            camera.Shoot();
            other.TryTake()!.Dispose();
        }

        Assert.Null(tap.TryTake());
        Assert.Equal(0, camera.Pool.Alive);
    }
}
