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
}
