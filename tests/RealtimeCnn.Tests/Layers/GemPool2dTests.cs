using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Layers;

public class GemPool2dTests
{
    [Fact]
    public void With_p_1_it_is_the_mean_and_with_a_large_p_nearly_the_maximum()
    {
        var shape = new Shape(1, 5, 8, 6);
        using var input = new Tensor(shape);
        var random = new Random(5);
        foreach (ref float value in input.Span)
            value = 0.1f + random.NextSingle();
        var builder = new GraphBuilder();
        var x = builder.Input("x", shape);
        var gem = new GemPool2d(4) { Stride = 2 };
        using var graph = builder.Build(
            builder.Add(gem, x, [new Tensor(new Shape(1), [1])]),
            builder.Add(new AveragePool2d(4) { Stride = 2 }, x),
            builder.Add(gem, x, [new Tensor(new Shape(1), [1000])]),
            builder.Add(new MaxPool2d(4) { Stride = 2 }, x));
        using var network = new CpuNetwork(graph);
        var outputs = network.Run(input);
        Closeness.Assert(DoubleTensor.Of(outputs[1]), outputs[0], 2e-6, "p = 1");
        // The mean of 16 elements raised to 1/1000 is at most 16^(1/1000) = 0.28 % below the maximum.
        Closeness.Assert(DoubleTensor.Of(outputs[3]), outputs[2], 3e-3, "p = 1000");
    }

    [Fact]
    public void A_wrong_number_of_exponents_is_an_error()
    {
        var error = Assert.Throws<ShapeException>(() => new GemPool2d(2, 3) { Stride = 1 }.InferShape([new Shape(1, 4, 4, 4)]));
        Assert.Contains("1 or 4", error.Message, StringComparison.Ordinal);
    }
}
