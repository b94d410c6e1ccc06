using RealtimeCnn.Demo;

namespace RealtimeCnn.Tests.Demo;

public sealed class RunStatsTests
{
    [Fact]
    public void Quantiles_are_nearest_ranks_over_what_was_recorded()
    {
        var stats = new RunStats();
        for (int i = 100; i >= 1; i--)
            stats.Record(Stage.Network, i);
        stats.Record(Stage.Network, double.NaN);
        Assert.Equal((50, 95, 99), stats.Quantiles(Stage.Network));
        Assert.Equal((0, 0, 0), stats.Quantiles(Stage.Readback));
        stats.Record(Stage.Draw, 7);
        Assert.Equal((7, 7, 7), stats.Quantiles(Stage.Draw));
    }

    [Fact]
    public void Old_values_give_way_to_new_ones()
    {
        var stats = new RunStats();
        for (int i = 0; i < 10_000; i++)
            stats.Record(Stage.Wait, i < 5_000 ? 1000 : 1);
        Assert.Equal((1, 1, 1), stats.Quantiles(Stage.Wait));
    }

    [Fact]
    public void The_parts_of_a_frame_add_up_to_it()
    {
        var stats = new RunStats();
        stats.CountShown(TimeSpan.FromMilliseconds(1000));
        stats.Record(Stage.Wait, 10);
        stats.Record(Stage.Network, 20);
        stats.Record(Stage.Draw, 30);
        // Beside the frame's way: no part of its time.
        stats.Record(Stage.Decode, 500);
        stats.Record(Stage.Readback, 500);
        stats.CountShown(TimeSpan.FromMilliseconds(1094));

        Assert.Equal((94, 34), (stats.Quantiles(Stage.Frame).P50, stats.Quantiles(Stage.Other).P50));
        double sum = 0;
        foreach (var part in stats.Parts)
            sum += stats.Quantiles(part).P50;
        Assert.Equal(94, sum);
    }

    [Fact]
    public void What_another_thread_computes_is_no_part_of_a_frame()
    {
        var stats = new RunStats { ComputesBeside = true };
        stats.CountShown(TimeSpan.FromMilliseconds(0));
        stats.Record(Stage.Preprocess, 5);
        stats.Record(Stage.Network, 200);
        stats.Record(Stage.Draw, 30);
        stats.CountShown(TimeSpan.FromMilliseconds(40));
        Assert.Equal(10, stats.Quantiles(Stage.Other).P50);
        Assert.Equal(40, stats.Parts.ToArray().Sum(part => stats.Quantiles(part).P50));
        Assert.Equal([Stage.Network, Stage.Preprocess], stats.Beside.ToArray());
    }

    [Fact]
    public void A_pause_is_no_frame()
    {
        var stats = new RunStats();
        stats.CountShown(TimeSpan.FromMilliseconds(0));
        stats.Pause();
        stats.CountShown(TimeSpan.FromMilliseconds(60_000));
        Assert.Equal(default, stats.Quantiles(Stage.Frame));
        stats.CountShown(TimeSpan.FromMilliseconds(60_030));
        Assert.Equal(30, stats.Quantiles(Stage.Frame).P50);
    }

    [Fact]
    public void The_last_frames_are_remembered_one_by_one()
    {
        var stats = new RunStats();
        stats.CountShown(TimeSpan.Zero);
        Assert.Equal(0, stats.FramesRemembered);
        for (int i = 1; i <= RunStats.HistoryLength + 5; i++)
        {
            stats.Record(Stage.Wait, i);
            stats.Record(Stage.Draw, 1);
            stats.Record(Stage.Draw, 2);
            stats.CountShown(TimeSpan.FromMilliseconds(1000 * i));
        }

        Assert.Equal(RunStats.HistoryLength, stats.FramesRemembered);
        for (int back = 0; back < RunStats.HistoryLength; back++)
        {
            Assert.Equal(RunStats.HistoryLength + 5 - back, stats.FrameBefore(back, Stage.Wait));
            Assert.Equal(3, stats.FrameBefore(back, Stage.Draw));
            Assert.Equal(1000, stats.Parts.ToArray().Sum(part => stats.FrameBefore(back, part)), 0.01);
        }
    }
}
