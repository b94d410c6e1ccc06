using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class DropoutTests
{
    [Fact]
    public void The_rate_is_met_the_mean_is_kept_and_the_seed_chooses()
    {
        using var first = Run(new Dropout(0.3f), 1);
        using var again = Run(new Dropout(0.3f), 1);
        using var other = Run(new Dropout(0.3f), 2);
        // 100,000 draws: one standard deviation of the dropped share is 0.0014.
        Assert.Equal(0.3, first.Span.ToArray().Count(value => value == 0) / 1e5, 0.007);
        Assert.Equal(1, first.Span.ToArray().Average(), 0.01);
        Assert.True(first.Span.SequenceEqual(again.Span));
        // Two independent masks differ in 2 · 0.3 · 0.7 = 42 % of their elements.
        Assert.Equal(0.42, first.Span.ToArray().Zip(other.Span.ToArray()).Count(pair => pair.First != pair.Second) / 1e5, 0.01);
    }

    private static Tensor Run(Dropout layer, int seed)
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(layer, builder.Input("x", new Shape(100, 1000))));
        using var network = new CpuNetwork(graph, new NetworkOptions { Mode = RunMode.Training(seed) });
        using var ones = new Tensor(new Shape(100, 1000));
        ones.Span.Fill(1);
        return network.Run(ones)[0].Clone();
    }
}
