using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

/// <summary>Elementwise layers that are neither activations nor functions of one or two inputs: constants, choices, learned slopes.</summary>
internal static class ElementwiseCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { new Shape(), new Shape(17), new Shape(2, 5, 3, 4) }.Select(shape =>
            new LayerCase($"rank {shape.Rank}", new Constant(shape), (_, parameters) => parameters[0], 0)),
        WhereCase("equal shapes", new Shape(2, 17, 3, 5), new Shape(2, 17, 3, 5), new Shape(2, 17, 3, 5)),
        WhereCase("a mask for each pixel", new Shape(2, 1, 3, 5), new Shape(2, 17, 3, 5), new Shape(17, 1, 1)),
        WhereCase("row-major", new Shape(3, 1), new Shape(7), new Shape()),
        PReluCase("one for each channel", new Shape(19, 1, 1), new Shape(2, 19, 3, 5)),
        PReluCase("one for each channel, four axes", new Shape(1, 19, 1, 1), new Shape(2, 19, 3, 5)),
        PReluCase("one in all", new Shape(1), new Shape(2, 18, 3, 5)),
        PReluCase("one for each element", new Shape(18, 3, 5), new Shape(2, 18, 3, 5)),
        PReluCase("a vector", new Shape(7), new Shape(3, 7)),
    ];

    public static IEnumerable<RefusedCase> Refused => [new(new PRelu(new Shape(3, 1)), [new Shape(2)], "[3, 1]")];

    public static IEnumerable<RecordedCase> Recorded => [new("prelu", new PRelu(new Shape(5, 1, 1)))];

    private static LayerCase WhereCase(string name, params Shape[] shapes) => new(
        name, new Where(), (x, _) => Coordinates.Fill(Coordinates.Broadcast(shapes), at => Coordinates.At(x[0], at) != 0 ? Coordinates.At(x[1], at) : Coordinates.At(x[2], at)), 0, shapes)
    {
        Input = (index, random) => index == 0 ? random.Next(2) : random.NextSingle(),
    };

    private static LayerCase PReluCase(string name, Shape slope, Shape input) => new(
        name, new PRelu(slope), (x, parameters) => Coordinates.Fill(input, at => Coordinates.At(x[0], at) is var value && value < 0 ? value * Coordinates.At(parameters[0], at) : value), 1e-7, input);
}
