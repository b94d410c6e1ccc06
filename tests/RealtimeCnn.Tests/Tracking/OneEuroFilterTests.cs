using RealtimeCnn.Tracking;

namespace RealtimeCnn.Tests.Tracking;

/// <summary>The filter against the published algorithm, written out for one value; how much it calms, and how far it lags.</summary>
public sealed class OneEuroFilterTests
{
    [Fact]
    public void It_is_the_published_algorithm_at_irregular_times()
    {
        var options = new OneEuroOptions { MinCutoff = 1.3, Beta = 0.7, SpeedCutoff = 0.9 };
        var filter = new OneEuroFilter(3, options);
        var random = new Random(3);
        double time = 5;
        var published = new Published[3];
        for (int i = 0; i < 3; i++)
            published[i] = new Published(1.3, 0.7, 0.9);
        for (int step = 0; step < 200; step++)
        {
            float[] measured = [random.NextSingle() * 10, step * 0.1f, MathF.Sin(step * 0.3f) * 100];
            time += 0.001 + (random.NextDouble() * 0.2);
            var stamp = TimeSpan.FromTicks((long)(time * TimeSpan.TicksPerSecond));
            Assert.True(filter.Update(stamp, measured));
            for (int i = 0; i < 3; i++)
                Assert.Equal(published[i].Filter(measured[i], stamp.TotalSeconds), filter.Values[i], 1e-3);
        }
    }

    [Fact]
    public void Speeds_count_in_the_unit_that_is_given()
    {
        OneEuroFilter small = new(), large = new();
        for (int step = 0; step < 50; step++)
        {
            var time = TimeSpan.FromSeconds(step / 30.0);
            float x = step * 0.03f;
            small.Update(time, [x]);
            large.Update(time, [x * 200], unit: 200);
            Assert.Equal(small.Values[0], large.Values[0] / 200, 1e-5);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => small.Update(TimeSpan.FromHours(1), [1], unit: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => small.Update(TimeSpan.FromHours(1), [1], unit: float.NaN));
    }

    [Fact]
    public void What_stands_still_jitters_a_third_as_much()
    {
        var filter = new OneEuroFilter();
        var random = new Random(1);
        double before = 0, after = 0;
        float lastMeasured = 0, lastFiltered = 0;
        for (int step = 0; step < 2000; step++)
        {
            // Of a box: a deviation of 1 % of its side, 30 pictures a second.
            float measured = (float)(0.01 * Gauss(random));
            filter.Update(TimeSpan.FromSeconds(step / 30.0), [measured]);
            if (step > 30)
            {
                before += Math.Abs(measured - lastMeasured);
                after += Math.Abs(filter.Values[0] - lastFiltered);
            }

            (lastMeasured, lastFiltered) = (measured, filter.Values[0]);
        }

        Assert.True(after < before / 3, $"Steps from picture to picture: {after / before:P0} of what was measured.");
    }

    [Theory]
    [InlineData(0.2, 30)]
    [InlineData(1, 30)]
    [InlineData(5, 30)]
    [InlineData(5, 8)]
    [InlineData(50, 60)]
    public void What_moves_steadily_lags_less_than_the_bound(double speed, double rate)
    {
        var options = new OneEuroOptions();
        var filter = new OneEuroFilter(1, options);
        double x = 0;
        for (int step = 0; step < 10 * rate; step++)
        {
            x = speed * step / rate;
            filter.Update(TimeSpan.FromSeconds(step / rate), [(float)x]);
        }

        double lag = x - filter.Values[0], bound = 1 / (2 * Math.PI * options.Beta);
        Assert.True(lag >= 0 && lag < bound, $"At {speed} units per second the lag is {lag}; the bound is {bound}.");
    }

    [Fact]
    public void Measurements_of_the_past_of_the_same_time_and_no_numbers_change_nothing()
    {
        var filter = new OneEuroFilter(2);
        Assert.False(filter.Update(TimeSpan.FromSeconds(9), [float.NaN, 1]));
        Assert.True(filter.Update(TimeSpan.FromSeconds(10), [1, 2]));
        Assert.False(filter.Update(TimeSpan.FromSeconds(10), [5, 5]));
        Assert.False(filter.Update(TimeSpan.FromSeconds(9), [5, 5]));
        Assert.False(filter.Update(TimeSpan.FromSeconds(11), [float.PositiveInfinity, 5]));
        Assert.Equal([1f, 2f], filter.Values.ToArray());
        Assert.True(filter.Update(TimeSpan.FromSeconds(11), [float.MaxValue, float.MinValue]));
        Assert.All(filter.Values.ToArray(), value => Assert.True(float.IsFinite(value)));
        filter.Reset();
        Assert.True(filter.Update(TimeSpan.FromSeconds(1), [3, 4]));
        Assert.Equal([3f, 4f], filter.Values.ToArray());
        Assert.Throws<ArgumentException>(() => filter.Update(TimeSpan.FromSeconds(12), [1]));
    }

    [Fact]
    public void Options_that_cannot_be_are_named()
    {
        Refuse(new() { MinCutoff = 0 }, nameof(OneEuroOptions.MinCutoff));
        Refuse(new() { Beta = -1 }, nameof(OneEuroOptions.Beta));
        Refuse(new() { SpeedCutoff = double.NaN }, nameof(OneEuroOptions.SpeedCutoff));

        static void Refuse(OneEuroOptions options, string name) =>
            Assert.Contains(name, Assert.Throws<ArgumentOutOfRangeException>(() => new OneEuroFilter(1, options)).Message, StringComparison.Ordinal);
    }

    /// <summary>A number of the standard normal distribution.</summary>
    internal static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Casiez et al. 2012, algorithm 1 with the low-pass filter and the smoothing factor of algorithm 2, in terms of the rate as printed there.</summary>
    private sealed class Published(double minCutoff, double beta, double speedCutoff)
    {
        private double? _x;
        private double _dx, _time;

        public double Filter(double x, double time)
        {
            if (_x is not { } last)
            {
                (_x, _dx, _time) = (x, 0, time);
                return x;
            }

            double rate = 1 / (time - _time);
            double dx = (x - last) * rate;
            double alpha = Alpha(rate, speedCutoff);
            _dx = (alpha * dx) + ((1 - alpha) * _dx);
            alpha = Alpha(rate, minCutoff + (beta * Math.Abs(_dx)));
            (_x, _time) = ((alpha * x) + ((1 - alpha) * last), time);
            return _x.Value;
        }

        private static double Alpha(double rate, double cutoff)
        {
            double tau = 1 / (2 * Math.PI * cutoff), period = 1 / rate;
            return 1 / (1 + (tau / period));
        }
    }
}
