using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class BinaryCases
{
    private static readonly (BinaryLayer Layer, Func<double, double, double> Function, double Tolerance)[] Functions =
    [
        (new Add(), (a, b) => a + b, 1e-7), (new Subtract(), (a, b) => a - b, 1e-7), (new Multiply(), (a, b) => a * b, 1e-7), (new Divide(), (a, b) => a / b, 1e-7),
        (new Pow(), (a, b) => Math.Pow(a, b), 5e-6), (new Min(), Math.Min, 0), (new Max(), Math.Max, 0),
        (new Remainder(), (a, b) => a - (b * Math.Floor(a / b)), 1e-6), (new TruncatedRemainder(), (a, b) => a - (b * Math.Truncate(a / b)), 1e-6),
        (new Equal(), (a, b) => a == b ? 1 : 0, 0), (new Greater(), (a, b) => a > b ? 1 : 0, 0), (new GreaterOrEqual(), (a, b) => a >= b ? 1 : 0, 0),
        (new Less(), (a, b) => a < b ? 1 : 0, 0), (new LessOrEqual(), (a, b) => a <= b ? 1 : 0, 0), (new LogicalAnd(), (a, b) => a != 0 && b != 0 ? 1 : 0, 0),
        (new LogicalOr(), (a, b) => a != 0 || b != 0 ? 1 : 0, 0), (new LogicalXor(), (a, b) => (a != 0) ^ (b != 0) ? 1 : 0, 0),
    ];

    private static readonly (string Name, Shape A, Shape B)[] Shapes =
    [
        ("scalars", new Shape(), new Shape()),
        ("a vector", new Shape(37), new Shape(37)),
        ("pictures", new Shape(2, 17, 3, 5), new Shape(2, 17, 3, 5)),
        ("a scalar behind", new Shape(2, 5, 3, 7), new Shape()),
        ("a scalar in front", new Shape(1), new Shape(2, 5, 3, 7)),
        ("one for each channel, three axes", new Shape(2, 19, 3, 5), new Shape(19, 1, 1)),
        ("one for each channel, four axes", new Shape(1, 33, 3, 5), new Shape(1, 33, 1, 1)),
        ("one for each channel of each item", new Shape(3, 18, 4, 5), new Shape(3, 18, 1, 1)),
        ("one for each pixel", new Shape(2, 18, 4, 5), new Shape(2, 1, 4, 5)),
        ("one picture for all items", new Shape(3, 6, 4, 5), new Shape(1, 6, 4, 5)),
        ("one column for all", new Shape(2, 6, 4, 5), new Shape(2, 6, 4, 1)),
        ("one row for all", new Shape(2, 6, 4, 5), new Shape(5)),
        ("both grow", new Shape(3, 1, 5), new Shape(7, 1)),
        ("five axes", new Shape(2, 3, 1, 5, 2), new Shape(1, 3, 4, 1, 2)),
        ("a long run", new Shape(3, 9001), new Shape(3, 1)),
    ];

    public static IEnumerable<LayerCase> All =>
        Shapes.Select(shapes => Case(shapes.Name, Functions[3], shapes.A, shapes.B) with { Lowest = 0.5f, Highest = 2 })
            .Concat(Functions.Select(function => Case("blocked", function, new Shape(2, 18, 3, 5), new Shape(2, 18, 3, 5)) with { Lowest = 0.1f, Highest = 3 }))
            .Concat(Functions.Select(function => Case("broadcast", function, new Shape(3, 5, 7), new Shape(7)) with { Lowest = 0.1f, Highest = 3 }))
            .Append(Case("both signs", Functions[7], new Shape(64), new Shape(64)) with { Lowest = -3, Highest = 3 })
            .Append(Case("both signs", Functions[8], new Shape(64), new Shape(64)) with { Lowest = -3, Highest = 3 });

    public static IEnumerable<RefusedCase> Refused => [new(new Add(), [new Shape(2, 3), new Shape(2, 4)], "[2, 3] and [2, 4]")];

    public static IEnumerable<RecordedCase> Recorded =>
    [
        new("add", new Add()),
        new("sub", new Subtract()),
        new("mul", new Multiply()),
        new("div", new Divide()),
        new("pow", new Pow()),
        new("minimum", new Min()),
        new("maximum", new Max()),
        new("remainder", new Remainder()),
        new("fmod", new TruncatedRemainder()),
        new("gt", new Greater()),
        new("ge", new GreaterOrEqual()),
        new("lt", new Less()),
        new("le", new LessOrEqual()),
    ];

    public static IEnumerable<VastCase> Vast =>
    [
        new(new Multiply(), 9),
        new(new Multiply(), 9) { IsRow = true },
    ];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("ResNet, residual", new Add(), new Shape(1, 256, 56, 56), new Shape(1, 256, 56, 56)),
        LayerCase.Realistic("squeeze-and-excitation", new Multiply(), new Shape(1, 72, 28, 28), new Shape(1, 72, 1, 1)),
    ];

    private static LayerCase Case(string name, (BinaryLayer Layer, Func<double, double, double> Function, double Tolerance) f, Shape a, Shape b) =>
        new(name, f.Layer, (x, _) => Coordinates.Fill(Coordinates.Broadcast(a, b), at => f.Function(Coordinates.At(x[0], at), Coordinates.At(x[1], at))), f.Tolerance, a, b);
}
