using System.Numerics;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Regions;

namespace RealtimeCnn.Tests.Regions;

/// <summary>Who is looked at, for how long, and when the detector wakes: without a network and without a clock.</summary>
public sealed class RegionFollowerTests
{
    private static readonly Preprocessing Part = new() { Size = 10 };
    private static readonly PictureMapping Picture = new(new Size2d(300, 400), default, new Size2d(300, 400), FitMode.Stretch);
    private static readonly LandmarkHead Head = new() { Points = 2 };
    private readonly LandmarkReader _reader = new(Head, [new("points", new Shape(1, 4)), new("score", new Shape(1, 1))], 10);

    [Fact]
    public void A_detection_that_is_followed_already_or_alike_is_passed_over_and_no_more_are_followed_than_may_be()
    {
        var follower = Make(new RegionOptions { MaximumRegions = 3, LookEvery = TimeSpan.Zero });
        Begin(follower, 0);
        Assert.True(follower.WantsDetector);
        // Two boxes of one thing, one of another, and some that are none.
        Detect(follower, Box(50, 50), Box(52, 51), Box(200, 100), Box(float.NaN, 3), Box(1e8f, 3), new Detection(9, 9, 9, 9, 0, 1));
        Assert.Equal(2, follower.Count);
        End(follower, [0.9f, 0.9f]);
        Begin(follower, 1);
        Assert.True(follower.WantsDetector);
        Detect(follower, Box(50, 50), Box(200, 100), Box(120, 200), Box(300, 200));
        Assert.Equal(3, follower.Count);
        Assert.Equal([1L, 2L, 3L], End(follower, [0.9f, 0.9f, 0.9f]));
        Begin(follower, 2);
        Assert.False(follower.WantsDetector);
        Assert.Equal([1L, 3L], End(follower, [0.9f, 0.1f, 0.9f]));
    }

    [Fact]
    public void Of_two_that_come_to_be_alike_the_surer_one_goes_on()
    {
        var follower = Make(new RegionOptions());
        Begin(follower, 0);
        Detect(follower, Box(50, 50), Box(100, 50));
        Assert.Equal([1L, 2L], End(follower, [0.8f, 0.9f]));
        Begin(follower, 1);
        // The first one's points now lie where the second one's do.
        var first = follower.RegionOf(0);
        var second = follower.RegionOf(1);
        Answer(follower, 0, 0.8f, first.FromPicture(second.ToPicture(new Vector2(0.3f))) * 10, first.FromPicture(second.ToPicture(new Vector2(0.7f))) * 10);
        Answer(follower, 1, 0.9f, new Vector2(3), new Vector2(7));
        follower.End();
        Assert.Equal(1, follower.Found.Count);
        Assert.Equal(0.9f, follower.Found[0].Score);
        Assert.InRange(follower.Found[0].Region.CentreX, 95, 105);
    }

    [Fact]
    public void Time_that_stands_changes_nothing_and_time_that_jumps_is_another_scene()
    {
        var follower = Make(new RegionOptions { MaximumRegions = 1 });
        Begin(follower, 10);
        Detect(follower, Box(50, 50));
        End(follower, [0.9f]);
        Assert.False(follower.TryBegin(At(10), Picture));
        Assert.False(follower.TryBegin(At(9), Picture));
        Assert.Equal(1, follower.Found.Count);
        foreach (int picture in (int[])[11, 500, 20])
        {
            Begin(follower, picture);
            Assert.Equal(picture != 11, follower.WantsDetector);
            if (follower.WantsDetector)
                Detect(follower, Box(50, 50));
            End(follower, [0.9f]);
        }

        // Pictures of another size are those of another camera.
        Assert.True(follower.TryBegin(At(21), new PictureMapping(new Size2d(200, 400), default, new Size2d(300, 400), FitMode.Stretch)));
        Assert.Equal((0, true), (follower.Count, follower.WantsDetector));
    }

    [Fact]
    public void Places_are_those_of_the_upright_picture_however_it_is_stored_and_fitted()
    {
        // Stored on its side; the detector sees half of the pixels of each axis, between borders.
        var picture = new PictureMapping(new Size2d(400, 300), new FrameGeometry(Rotation.Clockwise90, Mirrored: false), new Size2d(200, 200), FitMode.Letterbox);
        var follower = Make(new RegionOptions { Detected = RegionRule.Box with { Scale = 1 } });
        Assert.True(follower.TryBegin(At(0), picture));
        var found = new Detections();
        var input = picture.FromUpright(new PicturePoint(100, 60));
        found.Add(new Detection((float)input.X - 10, (float)input.Y - 10, (float)input.X + 10, (float)input.Y + 10, 0, 1));
        follower.Detect(found, picture);
        var region = follower.RegionOf(0);
        Assert.Equal((100, 60, 40), (region.CentreX, region.CentreY, region.Width), (a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) + Math.Abs(a.Item3 - b.Item3) < 1e-3);
        Answer(follower, 0, 1, new Vector2(0, 5), new Vector2(10, 5));
        follower.End();
        Assert.Equal([new Vector3(80, 60, 0), new Vector3(120, 60, 0)], follower.Found.LandmarksOf(0).ToArray(), (a, b) => Vector3.Distance(a, b) < 1e-3f);
    }

    [Fact]
    public void A_classifier_names_what_the_detector_finds_in_each_picture()
    {
        var options = new RegionOptions { MaximumRegions = 4 };
        var follower = new RegionFollower(options, Part, RegionRule.Box, null, landmarks: 0);
        for (int i = 0; i < 5; i++)
        {
            Begin(follower, i);
            Assert.True(follower.WantsDetector);
            Detect(follower, Box(50 + i, 50), Box(200 - i, 100));
            // One answer of five is another, and one is none.
            follower.Answer(0, new ClassScore(i == 2 ? 8 : 3, "", 0.9f));
            follower.Answer(1, new ClassScore(5, "", i == 3 ? float.NaN : 0.7f));
            follower.End();
            Assert.Equal(i == 3 ? [(1, 3)] : [(1L, 3), (2, 5)], Found(follower).Select(region => (region.Id, region.Class)));
        }
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var follower = Make(new RegionOptions());
        var found = new Detections();
        found.Add(Box(50, 50));
        found.Add(Box(200, 100));
        Tensor[] outputs = [new(new Shape(1, 4), [3, 3, 7, 7]), new(new Shape(1, 1), [1])];
        Turn(0, 40);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Turn(40, 80);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2, follower.Found.Count);
        foreach (var tensor in outputs)
            tensor.Dispose();

        void Turn(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                follower.TryBegin(At(i), Picture);
                if (follower.WantsDetector || i % 5 == 0)
                    follower.Detect(found, Picture);
                _reader.Read(outputs);
                for (int k = 0; k < follower.Count; k++)
                    follower.Answer(k, _reader);
                follower.End();
            }
        }
    }

    private static TimeSpan At(int picture) => TimeSpan.FromSeconds(picture / 30.0);

    private static Detection Box(float x, float y) => new(x - 15, y - 15, x + 15, y + 15, 0, 0.9f);

    private static FollowedRegion[] Found(RegionFollower follower) => [.. Enumerable.Range(0, follower.Found.Count).Select(i => follower.Found[i])];

    private static RegionFollower Make(RegionOptions options) => new(options, Part, options.Detected ?? RegionRule.Box, new RegionRule { Scale = 2.5f }, landmarks: 2);

    private static void Begin(RegionFollower follower, int picture) => Assert.True(follower.TryBegin(At(picture), Picture));

    private static void Detect(RegionFollower follower, params Detection[] boxes)
    {
        var found = new Detections();
        foreach (var box in boxes)
            found.Add(box);
        follower.Detect(found, Picture);
    }

    /// <summary>Everything is where it was, as sure as is said.</summary>
    private long[] End(RegionFollower follower, float[] scores)
    {
        Assert.Equal(scores.Length, follower.Count);
        for (int i = 0; i < scores.Length; i++)
            Answer(follower, i, scores[i], new Vector2(3), new Vector2(7));
        follower.End();
        return [.. Found(follower).Select(region => region.Id)];
    }

    private void Answer(RegionFollower follower, int index, float score, Vector2 first, Vector2 second)
    {
        using Tensor points = new(new Shape(1, 4), [first.X, first.Y, second.X, second.Y]), scores = new(new Shape(1, 1), [score]);
        _reader.Read([points, scores]);
        follower.Answer(index, _reader);
    }
}
