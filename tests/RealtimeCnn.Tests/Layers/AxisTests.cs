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

    [Fact]
    public void Impossible_arguments_are_errors_with_the_numbers()
    {
        AssertError(new Gather(2), "axis 2", new Shape(3, 4), new Shape(1));
        AssertError(new OneHot(0), "depth 0", new Shape(3));
        AssertError(new CumSum(2), "axis 2", new Shape(3, 4));
        AssertError(new ArgMax(1), "no element", new Shape(3, 0));
        AssertError(new TopK(5, 1), "k = 5 must lie in [1, 4]", new Shape(3, 4));
    }

    private static void AssertError(Layer layer, string part, params Shape[] inputs) =>
        Assert.Contains(part, Assert.Throws<ShapeException>(() => layer.InferShape(inputs)).Message, StringComparison.Ordinal);
}
