using System.Numerics;
using RealtimeCnn.Heads;
using RealtimeCnn.Tracking;

namespace RealtimeCnn.Tests.Tracking;

/// <summary>Things on paths that are known, seen with noise, gaps and false boxes: who is who, how still, and how late.</summary>
public sealed class BoxTrackerTests
{
    private const double Rate = 25;

    [Fact]
    public void Two_that_cross_keep_their_numbers()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var tracker = new BoxTracker();
            for (int picture = 0; picture < 100; picture++)
            {
                float right = picture * 4, left = 400 - right;
                Detection[] boxes = [Box(right, 100, 60, random), Box(left, 115, 56, random)];
                if (random.Next(2) == 0)
                    Array.Reverse(boxes);
                tracker.Update(Time(picture), boxes);
            }

            Assert.Equal([1L, 2L], Ids(tracker).Order());
            var first = tracker.Tracks[0];
            bool begunLeft = first.VelocityX > 0;
            Assert.Equal(396, Math.Abs(CentreX(tracker.Tracks[0].Box) - CentreX(tracker.Tracks[1].Box)), 20.0);
            Assert.True(begunLeft == (CentreX(first.Box) > 200), $"seed {seed}");
            Assert.Equal(100, first.Hits);
            Assert.Equal(100, tracker.Tracks[1].Hits);
        }
    }

    [Fact]
    public void The_one_behind_keeps_its_number_while_the_other_hides_it()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var tracker = new BoxTracker();
            long near = 0, far = 0;
            for (int picture = 0; picture < 80; picture++)
            {
                float right = 100 + (picture * 5), left = 500 - (picture * 5);
                bool isHidden = Math.Abs(right - left) < 40;
                tracker.Update(Time(picture), isHidden ? [Box(right, 100, 70, random)] : [Box(right, 100, 70, random), Box(left, 96, 60, random)]);
                if (picture == 10)
                    (near, far) = (At(tracker, right), At(tracker, left));
            }

            Assert.Equal((near, far), (At(tracker, 495), At(tracker, 105)));
            Assert.Equal(2, tracker.Tracks.Count);
        }
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void A_thing_is_lost_for_ten_pictures_and_no_longer(int lost, bool isKept)
    {
        var tracker = new BoxTracker();
        for (int picture = 0; picture < 20; picture++)
            tracker.Update(Time(picture), [Box(50 + (picture * 3), 80, 40)]);
        for (int picture = 20; picture < 20 + lost; picture++)
        {
            tracker.Update(Time(picture), []);
            if (picture >= 30)
                continue;
            // It goes on where it should be.
            var coasting = Assert.Single(tracker.Tracks);
            Assert.Equal((picture - 19, -1), (coasting.Missed, coasting.Detection));
            Assert.Equal(50 + (picture * 3), CentreX(coasting.Box), 5.0);
        }

        for (int picture = 20 + lost; picture < 26 + lost; picture++)
            tracker.Update(Time(picture), [Box(50 + (picture * 3), 80, 40)]);
        var track = Assert.Single(tracker.Tracks);
        Assert.Equal(isKept ? 1 : 2, track.Id);
        Assert.Equal((isKept ? 26 : 6, 0), (track.Hits, track.Missed));
        Assert.Equal(Time(25 + lost) - (isKept ? default : Time(20 + lost)), track.Age);
    }

    [Fact]
    public void What_flashes_up_gets_no_number_and_what_is_there_at_the_beginning_gets_one_at_once()
    {
        var tracker = new BoxTracker();
        tracker.Update(Time(0), [Box(50, 50, 30)]);
        Assert.Equal(1, Assert.Single(tracker.Tracks).Id);
        for (int picture = 1; picture < 60; picture++)
        {
            // Two pictures of three.
            Detection[] flash = picture % 3 != 0 ? [Box(200, 200, 30)] : [];
            tracker.Update(Time(picture), [Box(50, 50, 30), .. flash]);
            Assert.Equal([1L], Ids(tracker));
        }

        for (int picture = 60; picture < 63; picture++)
        {
            Assert.Single(tracker.Tracks);
            tracker.Update(Time(picture), [Box(50, 50, 30), Box(300, 200, 30)]);
        }

        Assert.Equal([1L, 2L], Ids(tracker));
        Assert.Equal(3, tracker.Tracks[1].Hits);
    }

    [Fact]
    public void A_box_that_jitters_is_calmed_and_one_that_moves_lags_little()
    {
        var random = new Random(11);
        var tracker = new BoxTracker();
        double raw = 0, calm = 0, lag = 0;
        Detection before = default, shown = default;
        for (int picture = 0; picture < 400; picture++)
        {
            // Stands for half of the time, then moves by two of its sides a second.
            double x = 100 + (Math.Max(0, picture - 200) * 2 * 50 / Rate);
            var box = Box((float)x, 100, 50, random);
            tracker.Update(Time(picture), [box]);
            var track = Assert.Single(tracker.Tracks).Box;
            if (picture is > 25 and < 200)
            {
                raw += Math.Abs(box.Left - before.Left) + Math.Abs(box.Bottom - before.Bottom);
                calm += Math.Abs(track.Left - shown.Left) + Math.Abs(track.Bottom - shown.Bottom);
            }
            else if (picture > 250)
            {
                lag = Math.Max(lag, Math.Abs(CentreX(track) - x) / 50);
            }

            (before, shown) = (box, track);
        }

        Assert.True(calm < raw / 2, $"{calm / raw:P0} of the jitter is left");
        Assert.True(lag < 0.06, $"{lag:P1} of a side behind");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Times_in_any_spacing_give_one_path(int seed)
    {
        var random = new Random(seed);
        var tracker = new BoxTracker();
        double time = 100;
        for (int picture = 0; picture < 300; picture++)
        {
            time += random.NextDouble() * random.NextDouble() * 0.6;
            double x = 300 + (150 * Math.Sin(time));
            Assert.True(tracker.Update(TimeSpan.FromSeconds(time), [Box((float)x, 100, 60, random)]));
            Assert.Equal([1L], Ids(tracker));
        }
    }

    [Fact]
    public void A_picture_that_is_not_newer_changes_nothing_and_one_from_another_time_begins_anew()
    {
        var tracker = new BoxTracker();
        for (int picture = 0; picture < 5; picture++)
            tracker.Update(Time(100 + picture), [Box(50, 50, 30)]);
        var before = tracker.Tracks[0];
        Assert.False(tracker.Update(Time(104), [Box(90, 90, 30)]));
        Assert.False(tracker.Update(Time(103), []));
        Assert.Equal(before, tracker.Tracks[0]);
        Assert.True(tracker.Update(default, [Box(50, 50, 30)]));
        Assert.Equal([2L], Ids(tracker));
        Assert.True(tracker.Update(TimeSpan.FromHours(1), [Box(50, 50, 30)]));
        Assert.Equal([3L], Ids(tracker));
        tracker.Reset();
        Assert.Empty(tracker.Tracks);
        Assert.True(tracker.Update(default, [Box(50, 50, 30)]));
        Assert.Equal([4L], Ids(tracker));
    }

    [Fact]
    public void The_label_holds_still_and_a_thing_keeps_its_number_where_it_changes()
    {
        var tracker = new BoxTracker();
        for (int picture = 0; picture < 60; picture++)
        {
            int label = picture >= 30 ? 7 : picture % 4 == 3 ? 5 : 2;
            tracker.Update(Time(picture), [Box(50 + picture, 50, 40) with { Class = label }]);
            var track = Assert.Single(tracker.Tracks);
            Assert.Equal(1, track.Id);
            if (picture < 30)
                Assert.Equal(2, track.Box.Class);
        }

        Assert.Equal(7, tracker.Tracks[0].Box.Class);
    }

    [Fact]
    public void Points_are_smoothed_with_their_box_and_move_on_with_it()
    {
        var random = new Random(5);
        var tracker = new BoxTracker(new BoxTrackerOptions { Landmarks = 2 });
        double raw = 0, calm = 0;
        float before = 0, shown = 0;
        for (int picture = 0; picture < 100; picture++)
        {
            float x = 100 + (float)(OneEuroFilterTests.Gauss(random) * 0.5);
            tracker.Update(Time(picture), [Box(100, 100, 50), Box(400, 100, 50)], [new(x, 90), new(picture == 50 ? float.NaN : 110, 120), new(400, 90), new(410, 120)]);
            var points = tracker.Tracks[0].Landmarks.Span;
            Assert.Equal(2, points.Length);
            (raw, calm) = (raw + Math.Abs(x - before), calm + Math.Abs(points[0].X - shown));
            (before, shown) = (x, points[0].X);
            Assert.Equal(110, points[1].X, 1e-3);
            Assert.Equal(410, tracker.Tracks[1].Landmarks.Span[1].X, 1e-3);
        }

        Assert.True(calm - 100 < (raw - 100) / 2, $"{calm - 100} of {raw - 100}");
        Assert.Throws<ArgumentException>(() => tracker.Update(Time(200), [Box(1, 1, 1)]));
        Assert.Throws<ArgumentException>(() => tracker.Update(Time(200), [Box(1, 1, 1)], new Vector2[5]));
    }

    [Fact]
    public void Garbage_is_passed_over()
    {
        float[] numbers = [0, 1, -1, 100, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, float.Epsilon, 1e19f, 1e-19f];
        var random = new Random(9);
        var tracker = new BoxTracker(new BoxTrackerOptions { MostTracks = 8 });
        var boxes = new Detection[5000];
        for (int picture = 0; picture < 40; picture++)
        {
            for (int i = 0; i < boxes.Length; i++)
                boxes[i] = new Detection(Any(), Any(), Any(), Any(), random.Next(int.MinValue, int.MaxValue), Any());
            tracker.Update(TimeSpan.FromTicks(random.NextInt64(TimeSpan.TicksPerDay) - (TimeSpan.TicksPerDay / 2)), boxes);
            tracker.Update(Time(picture), boxes);
            Assert.True(tracker.Tracks.Count <= 8);
            Assert.Equal(tracker.Tracks.Count, Ids(tracker).Distinct().Count());
        }

        // And it still follows what is real, beside boxes that are none.
        tracker.Reset();
        for (int picture = 0; picture < 10; picture++)
        {
            tracker.Update(Time(picture), [new(float.NaN, 0, 1, 1, 0, 1), Box(50, 50, 20), new(5, 5, 4, 4, 0, 1), new(0, 0, float.PositiveInfinity, 1, 0, 1), Box(90, 90, 20) with { Score = float.NaN }, Box(50, 50, 20) with { Score = float.PositiveInfinity }]);
            var track = Assert.Single(tracker.Tracks).Box;
            Assert.Equal((50, 0.9f), (CentreX(track), track.Score));
        }

        float Any() => numbers[random.Next(numbers.Length)];
    }

    [Fact]
    public void Of_too_many_the_best_are_followed()
    {
        var tracker = new BoxTracker(new BoxTrackerOptions { MostTracks = 3 });
        var boxes = Enumerable.Range(0, 2000).Select(i => Box(i * 50, 50, 40) with { Score = (i * 7 % 2000) / 2000f }).ToArray();
        for (int picture = 0; picture < 5; picture++)
            tracker.Update(Time(picture), boxes);
        Assert.Equal([1L, 2L, 3L], Ids(tracker));
        Assert.Equal([0.9995f, 0.999f, 0.9985f], tracker.Tracks.Select(track => track.Box.Score));
    }

    [Fact]
    public void Weak_detections_continue_a_track_and_begin_none()
    {
        var tracker = new BoxTracker(new BoxTrackerOptions { BeginScore = 0.6f });
        for (int picture = 0; picture < 10; picture++)
        {
            tracker.Update(Time(picture), [Box(50, 50, 40) with { Score = picture == 0 ? 0.7f : 0.4f }, Box(150, 50, 40) with { Score = 0.5f }]);
            Assert.Equal((picture + 1, 0), (Assert.Single(tracker.Tracks).Hits, tracker.Tracks[0].Detection));
        }
    }

    [Fact]
    public void Nothing_is_allocated_from_picture_to_picture()
    {
        var random = new Random(3);
        var tracker = new BoxTracker(new BoxTrackerOptions { Landmarks = 5 });
        var pictures = Enumerable.Range(0, 200)
            .Select(picture => Enumerable.Range(0, random.Next(200)).Select(i => Box(random.Next(500), random.Next(500), 40, random)).ToArray()).ToArray();
        var landmarks = new Vector2[200 * 5];
        long allocated = long.MaxValue;
        int next = 0;

        // Until all of it is compiled to the end.
        for (int part = 0; part < 10 && allocated > 0; part++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var boxes in pictures)
                tracker.Update(Time(next++), boxes, landmarks.AsSpan(0, boxes.Length * 5));
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
        Assert.True(tracker.Tracks.Count > 0);
    }

    [Fact]
    public void Options_that_cannot_be_are_named()
    {
        Refuse(new() { MostTracks = 0 }, nameof(BoxTrackerOptions.MostTracks));
        Refuse(new() { Landmarks = -1 }, nameof(BoxTrackerOptions.Landmarks));
        Refuse(new() { ConfirmAfter = 0 }, nameof(BoxTrackerOptions.ConfirmAfter));
        Refuse(new() { MostMissed = -1 }, nameof(BoxTrackerOptions.MostMissed));
        Refuse(new() { LongestGap = TimeSpan.Zero }, nameof(BoxTrackerOptions.LongestGap));
        Refuse(new() { LeastSimilarity = 0 }, nameof(BoxTrackerOptions.LeastSimilarity));
        Refuse(new() { BeginScore = float.NaN }, nameof(BoxTrackerOptions.BeginScore));

        static void Refuse(BoxTrackerOptions options, string name) =>
            Assert.Contains(name, Assert.ThrowsAny<ArgumentException>(() => new BoxTracker(options)).Message, StringComparison.Ordinal);
    }

    private static TimeSpan Time(int picture) => TimeSpan.FromSeconds(picture / Rate);

    /// <summary>A square box, with noise of one percent of its side where there is chance.</summary>
    private static Detection Box(float x, float y, float side, Random? random = null)
    {
        return new Detection(x - (side / 2) + Noise(), y - (side / 2) + Noise(), x + (side / 2) + Noise(), y + (side / 2) + Noise(), 0, 0.9f);

        float Noise() => random == null ? 0 : (float)(OneEuroFilterTests.Gauss(random) * 0.01 * side);
    }

    private static double CentreX(Detection box) => (box.Left + box.Right) / 2;

    private static long At(BoxTracker tracker, float x) => Assert.Single(tracker.Tracks, track => Math.Abs(CentreX(track.Box) - x) < 15).Id;

    private static IEnumerable<long> Ids(BoxTracker tracker) => tracker.Tracks.Select(track => track.Id);
}
