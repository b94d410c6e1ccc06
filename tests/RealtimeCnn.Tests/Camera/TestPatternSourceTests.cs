using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Camera;

public sealed class TestPatternSourceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(640, 480)]
    [InlineData(33, 47)]
    [InlineData(32, 32)]
    public void Every_picture_shows_the_scene_that_it_says(int width, int height)
    {
        using var source = new TestPatternSource(width, height);
        var pixels = new byte[width * height * 4];
        foreach (long number in (long[])[0, 1, 77, 500, 4711])
        {
            source.Draw(number, pixels);
            Assert.Equal(number, TestPatternSource.ReadNumber(pixels, width));
            var scene = TestPatternSource.SceneAt(number, width, height);
            Assert.InRange(scene.DiscX, scene.DiscRadius, width - scene.DiscRadius);
            Assert.InRange(scene.SquareX, 0, width - scene.SquareSide);
            int disc = ((scene.DiscY * width) + scene.DiscX) * 4;
            Assert.Equal([0xE0, 0x20, 0x20, 0xFF], pixels[disc..(disc + 4)]);
        }
    }

    [Fact]
    public void Things_move_and_two_runs_are_equal()
    {
        using var first = new TestPatternSource(160, 120, 30, 12);
        using var second = new TestPatternSource(160, 120, 30, 12);
        first.Start(FrameDelivery.Every);
        second.Start(FrameDelivery.Every);
        byte[] before = [];
        for (int i = 0; i < 12; i++)
        {
            using var a = first.Take(Patience);
            using var b = second.Take(Patience);
            Assert.True(a!.Pixels.SequenceEqual(b!.Pixels));
            Assert.False(a.Pixels.SequenceEqual(before));
            before = a.Pixels.ToArray();
        }

        Assert.Null(first.Take(Patience));
        Assert.Equal(SourceState.Ended, first.Status.State);
    }

    [Fact]
    public void Times_follow_the_rate()
    {
        using var source = new TestPatternSource(32, 32, 40, 5);
        source.Start(FrameDelivery.Every);
        List<TimeSpan> times = [];
        while (source.Take(Patience) is { } frame)
        {
            using (frame)
                times.Add(frame.Timestamp);
        }

        Assert.Equal([0, 25, 50, 75, 100], times.Select(time => (time - times[0]).TotalMilliseconds));
    }
}
