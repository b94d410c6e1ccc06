using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

/// <summary>Layers that work along one axis: Gather, OneHot, CumSum, ArgMax, ArgMin, TopK.</summary>
public class AxisTests
{
    [Theory]
    [InlineData(true, new[] { 1f, 4, 2 })]
    [InlineData(false, new[] { 3f, 0, 2 })]
    public void A_NaN_is_larger_than_any_number_for_the_largest(bool largest, float[] indices)
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new NodeOutput(1), builder.Add(new TopK(3, 0) { Largest = largest }, builder.Input("x", new Shape(5)))));
        using var network = new CpuNetwork(graph);
        using var x = new Tensor(new Shape(5), [1, float.NaN, 3, float.NegativeInfinity, -float.NaN]);
        Assert.Equal(indices, network.Run(x)[0].Span.ToArray());
    }
}
