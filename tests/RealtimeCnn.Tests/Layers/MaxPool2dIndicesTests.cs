using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class MaxPool2dIndicesTests
{
    [Fact]
    public void Gather_by_the_indices_gives_the_maxima()
    {
        var builder = new GraphBuilder();
        var x = builder.Input("x", new Shape(2, 3, 6, 7));
        var pooled = builder.Add(new MaxPool2d(3) { Stride = 2, ReturnIndices = true }, x);
        using var graph = builder.Build(pooled, builder.Add(new NodeOutput(1), pooled));
        using var network = new CpuNetwork(graph);
        using var input = new Tensor(new Shape(2, 3, 6, 7));
        var random = new Random(3);
        foreach (ref float value in input.Span)
            value = random.NextSingle();
        var outputs = network.Run(input);
        for (int i = 0; i < outputs[0].Shape.Count; i++)
            Assert.Equal(outputs[0].Span[i], input.Span[(int)outputs[1].Span[i]]);
    }
}
