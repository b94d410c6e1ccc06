using RealtimeCnn.Cpu;

namespace RealtimeCnn.Tests.Cpu;

public class CpuNetworkTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Results_are_equal_to_the_last_bit_on_any_number_of_threads(int threads)
    {
        using var graph = SmallNetwork.Build();
        using var input = Noise.Of(new Shape(2, 3, 37, 29));
        using var one = new CpuNetwork(graph, new NetworkOptions { Threads = 1 });
        using var many = new CpuNetwork(graph, new NetworkOptions { Threads = threads, Sharing = SharingRule.Finest });
        float[] expected = one.Run(input)[0].Span.ToArray();
        for (int run = 0; run < 20; run++)
            Assert.Equal(expected, many.Run(input)[0].Span.ToArray());
    }

    [Fact]
    public void Fused_and_unfused_networks_agree_and_fusion_removes_nodes()
    {
        using var graph = SmallNetwork.Build();
        using var input = Noise.Of(new Shape(1, 3, 16, 16));
        using var fused = new CpuNetwork(graph);
        using var unfused = new CpuNetwork(graph, new NetworkOptions { Optimize = false });
        Assert.Equal(unfused.Graph.Nodes.Count - 1, fused.Graph.Nodes.Count);
        Assert.Equal(unfused.Run(input)[0].Span.ToArray(), fused.Run(input)[0].Span.ToArray());
    }

    [Fact]
    public void The_wrong_number_of_inputs_is_an_error_that_names_those_expected()
    {
        using var graph = SmallNetwork.Build();
        using var network = new CpuNetwork(graph);
        Assert.Contains("'image'", Assert.Throws<ShapeException>(() => network.Run()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_can_be_read_only_when_they_are_kept()
    {
        using var graph = SmallNetwork.Build();
        using var network = new CpuNetwork(graph);
        Assert.Contains("KeepAll", Assert.Throws<InvalidOperationException>(() => network.Read("conv")).Message, StringComparison.Ordinal);
    }
}
