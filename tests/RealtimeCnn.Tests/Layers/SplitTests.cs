using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Tests.Layers;

public class SplitTests
{
    [Fact]
    public void A_part_is_a_value_like_any_other()
    {
        var builder = new GraphBuilder();
        var x = builder.Start(new Shape(1, 6, 1, 2));
        var parts = x.Split(1, [2, 3, 1], name: "parts");
        Assert.Equal(["parts", "parts:1", "parts:2"], parts.Select(part => part.Node.Name));
        Assert.Equal([2, 3, 1], parts.Select(part => part.Channels));
        using var graph = builder.Build(parts[2].Relu(), parts[0]);
        using var network = new CpuNetwork(graph);
        using var input = new Tensor(x.Shape, [.. Enumerable.Range(0, 12).Select(i => i - 10.5f)]);
        var outputs = network.Run(input);
        Assert.Equal([0, 0.5f], outputs[0].Span.ToArray());
        Assert.Equal([-10.5f, -9.5f, -8.5f, -7.5f], outputs[1].Span.ToArray());
    }
}
