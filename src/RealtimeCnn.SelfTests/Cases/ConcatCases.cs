using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class ConcatCases
{
    public static IEnumerable<LayerCase> All =>
    [
        Case("one input", 1, new Shape(2, 3, 4, 5)),
        Case("whole blocks", 1, new Shape(2, 16, 3, 5), new Shape(2, 32, 3, 5), new Shape(2, 5, 3, 5)),
        Case("odd channels", 1, new Shape(2, 58, 3, 5), new Shape(2, 58, 3, 5)),
        Case("channels around a block", 1, new Shape(1, 15, 2, 3), new Shape(1, 1, 2, 3), new Shape(1, 17, 2, 3), new Shape(1, 3, 2, 3)),
        Case("channels around a block, blocked", 1, new Shape(2, 15, 2, 3), new Shape(2, 1, 2, 3), new Shape(2, 17, 2, 3)) with { BlockedInputs = true },
        Case("whole blocks, blocked", 1, new Shape(2, 16, 3, 5), new Shape(2, 32, 3, 5), new Shape(2, 5, 3, 5)) with { BlockedInputs = true },
        Case("rows, blocked", 2, new Shape(2, 17, 3, 2), new Shape(2, 17, 1, 2)) with { BlockedInputs = true },
        Case("batch", 0, new Shape(1, 17, 3, 2), new Shape(3, 17, 3, 2)),
        Case("rows", 2, new Shape(2, 17, 3, 2), new Shape(2, 17, 1, 2)),
        Case("columns, from the end", -1, new Shape(2, 17, 3, 2), new Shape(2, 17, 3, 5)),
        Case("vectors", 0, new Shape(3), new Shape(18)),
        Case("five axes", 3, new Shape(2, 3, 2, 1, 3), new Shape(2, 3, 2, 4, 3)),
    ];

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new Concat(), [new Shape(1, 2, 3), new Shape(1, 2, 4)], "axis 1"),
        new(new Concat(4), [new Shape(1, 2, 3)], "axis 4"),
        new(new Concat(0), [new Shape(1 << 30), new Shape(1 << 30), new Shape(1 << 30), new Shape(1 << 30), new Shape(1 << 30)], "[5368709120]"),
    ];

    public static IEnumerable<RecordedCase> Recorded => [new("cat", new Concat())];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("SqueezeNet", new Concat(), new Shape(1, 64, 55, 55), new Shape(1, 64, 55, 55)),
        LayerCase.Realistic("ShuffleNetV2", new Concat(), new Shape(1, 58, 28, 28), new Shape(1, 58, 28, 28)),
    ];

    private static LayerCase Case(string name, int axis, params Shape[] inputs)
    {
        int resolved = axis < 0 ? axis + inputs[0].Rank : axis;
        var output = inputs[0].With(resolved, inputs.Sum(input => input[resolved]));
        return new LayerCase(name, new Concat(axis), (x, _) => Coordinates.Fill(output, at => Pick(x, at, resolved)), 0, inputs);
    }

    private static double Pick(DoubleTensor[] x, int[] at, int axis)
    {
        int input = 0;
        for (; at[axis] >= x[input].Shape[axis]; input++)
            at[axis] -= x[input].Shape[axis];
        return Coordinates.At(x[input], at);
    }
}
