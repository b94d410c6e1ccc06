using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Layers;

public class GemPool2dTests
{
    public static IEnumerable<LayerCase> Cases =>
    [
        .. new[] { 1, 3, 15, 17 }.Select(channels => Case($"p by channel, {channels} channels", new GemPool2d(2, channels) { Stride = 2 }, new Shape(1, channels, 6, 9))),
        Case("one p, zeros and negatives", new GemPool2d(3) { Stride = 2, Padding = 1 }, new Shape(2, 5, 7, 8)),
        Case("a NaN stays", new GemPool2d(2) { Stride = 1 }, new Shape(1, 5, 6, 7)) with { Input = (_, random) => random.Next(9) == 0 ? float.NaN : random.NextSingle() + 0.5f },
        Case("only negatives", new GemPool2d(2) { Stride = 1 }, new Shape(1, 2, 4, 4)) with { Lowest = -2, Highest = -1 },
        Case("large p of large numbers", new GemPool2d(3) { Stride = 1 }, new Shape(1, 3, 5, 6)) with { Lowest = 900, Highest = 1000, Parameter = (_, _) => 90 },
    ];

    private static LayerCase Case(string name, GemPool2d layer, Shape input) =>
        new(name, layer, (x, p) => PoolingOracle.Slide(layer, x[0], PoolingOracle.Gem(p[0], layer.Epsilon)), 5e-6, input)
        {
            Parameter = (_, random) => 1 + (4 * random.NextSingle()),
        };

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
