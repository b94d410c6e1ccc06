using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class SplitCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. Parts("a vector", new Split(0, 3, 1, 33), new Shape(37)),
        .. Parts("rows of a matrix", new Split(0, 2, 3), new Shape(5, 18)),
        .. Parts("features", new Split(-1, 16, 17), new Shape(3, 33)),
        .. Parts("channels inside blocks", new Split(1, 5, 10, 3), new Shape(2, 18, 3, 5)),
        .. Parts("whole blocks", new Split(1, 16, 32), new Shape(2, 48, 3, 4)),
        .. Parts("halves of 116", new Split(1, 58, 58), new Shape(1, 116, 3, 5)),
        .. Parts("columns", new Split(3, 1, 4, 2), new Shape(2, 17, 3, 7)),
        .. Parts("one part", new Split(2, 5), new Shape(1, 3, 5, 2)),
        .. Parts("five axes", new Split(2, 1, 3), new Shape(2, 3, 4, 2, 3)),
    ];

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new Split(1, 3, 4), [new Shape(1, 10, 4)], "10 together"),
        new(new Split(1, 10, 0), [new Shape(1, 10, 4)], "10 together"),
        new(new Split(1, 11, -1), [new Shape(1, 10, 4)], "10 together"),
        new(new Split(1, []), [new Shape(1, 10, 4)], "10 together"),
    ];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("ShuffleNetV2", new Split(1, 58, 58), new Shape(1, 116, 28, 28)),
    ];

    private static IEnumerable<LayerCase> Parts(string name, Split layer, Shape input) => layer.Lengths.Select((_, part) =>
    {
        int axis = layer.Axis < 0 ? layer.Axis + input.Rank : layer.Axis, start = layer.Lengths.Take(part).Sum();
        return new LayerCase(
            $"{name}, part {part}", layer, (x, _) => Coordinates.Fill(input.With(axis, layer.Lengths[part]), at => Coordinates.At(x[0], at.With(axis, at[axis] + start))), 0, input)
        {
            Output = part,
        };
    });
}
