using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class InputNormalizationTests
{
    [Fact]
    public void A_divisor_of_zero_is_an_error_that_names_the_channel()
    {
        var builder = new GraphBuilder();
        var x = builder.Input("x", new Shape(1, 2, 3, 3));
        using var graph = builder.Build(builder.Add(
            new InputNormalization(2, InputScale.StandardDeviation), x, [new Tensor(new Shape(2)), new Tensor(new Shape(2), [1, 0])]));
        using var network = new CpuNetwork(graph);
        using var input = new Tensor(new Shape(1, 2, 3, 3));
        var error = Assert.Throws<ArgumentException>(() => network.Run(input));
        Assert.Contains("channel 1", error.Message, StringComparison.Ordinal);
    }
}
