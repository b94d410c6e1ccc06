using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Layers;

public class InputNormalizationTests
{
    public static IEnumerable<LayerCase> Cases => Enum.GetValues<InputScale>().SelectMany(scale => new[]
    {
        Case($"{scale}, given, 3 channels", new InputNormalization(3, scale), new Shape(2, 3, 5, 7)),
        Case($"{scale}, given, 17 features", new InputNormalization(17, scale), new Shape(3, 17)),
        Case($"{scale}, measured, 3 channels", new InputNormalization(3, scale) { IsMeasured = true }, new Shape(2, 3, 5, 7)),
        Case($"{scale}, measured, 17 channels, bytes", new InputNormalization(17, scale) { IsMeasured = true }, new Shape(1, 17, 13, 11)) with { Lowest = 0, Highest = 255 },
        Case($"{scale}, measured, constant", new InputNormalization(3, scale) { IsMeasured = true }, new Shape(1, 3, 4, 4)) with { Lowest = 7, Highest = 7 },
    });

    private static LayerCase Case(string name, InputNormalization layer, Shape input) => new(name, layer, (x, parameters) => DoubleTensor.Fill(input, (n, c, h, w) =>
    {
        double[] channel = [.. Enumerable.Range(0, input.Area).Select(i => x[0][(((n * input.Channels) + c) * input.Area) + i])];
        double mean = layer.IsMeasured ? channel.Average() : parameters[0][c];
        double divisor = (layer.Scale, layer.IsMeasured) switch
        {
            (InputScale.Range, true) => channel.Max() - channel.Min(),
            (InputScale.Range, false) => parameters[2][c] - parameters[1][c],
            (_, true) => Math.Sqrt(NormalizationOracle.Measure(channel).Variance),
            _ => parameters[1][c],
        };
        return divisor == 0 ? 0 : (x[0][n, c, h, w] - mean) / divisor;
    }), 5e-6, input)
    {
        Parameter = (spec, random) => spec.Name switch
        {
            "maximum" or "standard_deviation" => 0.5f + random.NextSingle(),
            "minimum" => -0.5f - random.NextSingle(),
            _ => random.NextSingle() - 0.5f,
        },
    };

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
