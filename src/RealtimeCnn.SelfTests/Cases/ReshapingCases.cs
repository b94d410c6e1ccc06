using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class ReshapingCases
{
    public static IEnumerable<LayerCase> All =>
    [
        Case("a picture", new Flatten(), new Shape(2, 17, 3, 5), new Shape(2, 255)),
        Case("one pixel", new Flatten(), new Shape(2, 17, 1, 1), new Shape(2, 17)),
        Case("all in one row", new Flatten(0), new Shape(2, 3, 4), new Shape(1, 24)),
        Case("behind the last axis", new Flatten(3), new Shape(2, 3, 4), new Shape(24, 1)),
        Case("kept and free", new Reshape(0, -1), new Shape(2, 17, 3, 5), new Shape(2, 255)),
        Case("groups", new Reshape(0, 2, -1, 3, 0), new Shape(2, 18, 3, 2, 5), new Shape(2, 2, 18, 3, 5)),
        Case("a scalar", new Reshape(), new Shape(1, 1), new Shape()),
        Case("pixels", new Squeeze(2, 3), new Shape(2, 17, 1, 1), new Shape(2, 17)),
        Case("all", new Squeeze(), new Shape(1, 5, 1, 3), new Shape(5, 3)),
        Case("pixels", new Unsqueeze(2, 3), new Shape(2, 17), new Shape(2, 17, 1, 1)),
        Case("around", new Unsqueeze(0, -1), new Shape(2, 17), new Shape(1, 2, 17, 1)),
        Case("a picture", new Identity(), new Shape(2, 17, 3, 5), new Shape(2, 17, 3, 5)),
    ];

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new Reshape(5, -1), [new Shape(3, 4)], "12 elements"),
        new(new Reshape(5), [new Shape(3, 4)], "5 elements"),
        new(new Reshape(-1, -1), [new Shape(3, 4)], "[-1, -1]"),
        new(new Reshape(3, 4, 0), [new Shape(3, 4)], "axis 2"),
        new(new Squeeze(1), [new Shape(3, 4)], "axis 1 of [3, 4]"),
        new(new Unsqueeze(5), [new Shape(3, 4)], "axis 5"),
        new(new Unsqueeze(), [new Shape(3, 4)], "at least one"),
        new(new Flatten(3), [new Shape(3, 4)], "axis 3"),
    ];

    public static IEnumerable<RecordedCase> Recorded =>
    [
        new("flatten", new Flatten()),
        new("reshape", new Reshape(2, -1, 6)),
    ];

    private static LayerCase Case(string name, ReshapingLayer layer, Shape input, Shape output) =>
        new($"{name} {layer}", layer, (x, _) => Renamed(x[0], output), 0, input);

    private static DoubleTensor Renamed(DoubleTensor x, Shape shape)
    {
        var y = new DoubleTensor(shape);
        x.Values.CopyTo(y.Values, 0);
        return y;
    }
}
