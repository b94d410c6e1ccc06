using RealtimeCnn.Heads;
using RealtimeCnn.Tracking;

namespace RealtimeCnn.Tests.Tracking;

/// <summary>A label holds until another wins clearly, and is let go where none is likely.</summary>
public sealed class LabelVoteTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1 / 25.0);

    [Fact]
    public void A_label_that_flickers_holds_still()
    {
        var vote = new LabelVote();
        var random = new Random(2);
        int changes = 0, rawChanges = 0, last = 3;
        for (int i = 0; i < 500; i++)
        {
            int raw = random.Next(10) < 7 ? 3 : 8;
            int before = vote.Label;
            vote.Update(i * Step, raw, 0.9f);
            rawChanges += raw != last ? 1 : 0;
            last = raw;
            changes += i > 25 && vote.Label != before ? 1 : 0;
        }

        Assert.True(rawChanges > 150, $"{rawChanges} changes before");
        Assert.Equal(0, changes);
        Assert.Equal(3, vote.Label);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(60)]
    public void Another_label_wins_after_the_same_time_at_any_rate(double rate)
    {
        var vote = new LabelVote();
        double time = 0;
        for (; time < 3; time += 1 / rate)
            vote.Update(TimeSpan.FromSeconds(time), 1, 1);
        double begin = time;
        while (vote.Label == 1)
        {
            vote.Update(TimeSpan.FromSeconds(time), 2, 1);
            time += 1 / rate;
        }

        // 1 − e^(−t/0.5) is above e^(−t/0.5) by 0.2 at t = 0.458 s.
        Assert.Equal(2, vote.Label);
        Assert.InRange(time - begin, 0.458, 0.458 + (2 / rate));
    }

    [Fact]
    public void A_label_needs_more_to_come_than_to_stay_and_goes_where_nothing_is_likely()
    {
        var vote = new LabelVote(new LabelVoteOptions { Accept = 0.6f, Release = 0.4f });
        TimeSpan time = default;
        Feed(0.5f, 100);
        Assert.Equal(LabelVote.None, vote.Label);
        Feed(0.7f, 100);
        Assert.Equal(4, vote.Label);
        Feed(0.5f, 100);
        Assert.Equal(4, vote.Label);
        Assert.Equal(0.5f, vote.Score, 1e-3f);
        Feed(0.3f, 100);
        Assert.Equal(LabelVote.None, vote.Label);
        Assert.Equal(0, vote.Score);

        void Feed(float score, int pictures)
        {
            for (int i = 0; i < pictures; i++)
                vote.Update(time += Step, 4, score);
        }
    }

    [Fact]
    public void Averages_are_those_of_the_formula_at_irregular_times()
    {
        var vote = new LabelVote();
        var random = new Random(4);
        double[] expected = new double[3];
        double time = 0, memory = new LabelVoteOptions().Memory.TotalSeconds;
        for (int i = 0; i < 100; i++)
        {
            double seconds = 0.01 + random.NextDouble();
            time += seconds;
            var stamp = TimeSpan.FromSeconds(time);
            ClassScore[] top = [new(0, "", random.NextSingle()), new(2, "", random.NextSingle())];
            vote.Update(stamp, top);
            double kept = i == 0 ? 0 : Math.Exp(-seconds / memory);
            double[] scores = [top[0].Probability, 0, top[1].Probability];
            for (int k = 0; k < 3; k++)
            {
                expected[k] = (kept * expected[k]) + ((1 - kept) * scores[k]);
                Assert.Equal(expected[k], vote.AverageOf(k), 1e-4);
            }
        }
    }

    [Fact]
    public void Times_that_do_not_go_on_and_garbage_change_nothing()
    {
        var vote = new LabelVote();
        vote.Update(TimeSpan.FromSeconds(1), 5, 1);
        Assert.False(vote.Update(TimeSpan.FromSeconds(1), 6, 1));
        Assert.False(vote.Update(TimeSpan.FromSeconds(0.5), 6, 1));
        Assert.Equal((5, 1f), (vote.Label, vote.Score));
        vote.Update(TimeSpan.FromSeconds(1.01), -3, 1);
        vote.Update(TimeSpan.FromSeconds(1.02), 7, float.NaN);
        vote.Update(TimeSpan.FromSeconds(1.03), 7, float.NegativeInfinity);
        Assert.Equal(5, vote.Label);
        for (int i = 0; i < 1000; i++)
            vote.Update(TimeSpan.FromSeconds(2 + (i * 0.001)), i, float.PositiveInfinity);
        Assert.InRange(vote.Score, 0, 1);
        vote.Reset();
        Assert.Equal(LabelVote.None, vote.Label);
        Assert.True(vote.Update(default, 2, 1));
        Assert.Equal(2, vote.Label);
    }

    [Fact]
    public void More_classes_than_are_remembered_push_out_the_weakest_and_never_the_label()
    {
        var vote = new LabelVote(new LabelVoteOptions { Margin = 1 });
        vote.Update(default, 99, 1);
        for (int i = 1; i <= 40; i++)
            vote.Update(i * Step, [new ClassScore(99, "", 0.6f), new ClassScore(100 + i, "", 0.4f)]);
        Assert.Equal(99, vote.Label);
        Assert.Equal(0.6f, vote.Score, 0.1f);
        Assert.True(vote.AverageOf(140) > vote.AverageOf(138));
        Assert.Equal(0, vote.AverageOf(101));
    }

    [Fact]
    public void Options_that_cannot_be_are_named()
    {
        Refuse(new() { Memory = TimeSpan.Zero }, nameof(LabelVoteOptions.Memory));
        Refuse(new() { Margin = 2 }, nameof(LabelVoteOptions.Margin));
        Refuse(new() { Accept = float.NaN }, nameof(LabelVoteOptions.Accept));
        Refuse(new() { Accept = 0.2f }, nameof(LabelVoteOptions.Release));

        static void Refuse(LabelVoteOptions options, string name) =>
            Assert.Contains(name, Assert.Throws<ArgumentException>(() => new LabelVote(options)).Message, StringComparison.Ordinal);
    }
}
