using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class StridedCopyCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { new Shape(37), new Shape(3, 19), new Shape(2, 17, 5), new Shape(2, 33, 4, 5), new Shape(2, 3, 2, 3, 4) }.Select(shape =>
            Case($"last axis of {shape.Rank}", new Slice(new AxisRange(-1, 1, int.MaxValue)), at => at.With(^1, at[^1] + 1), shape, shape.With(shape.Rank - 1, shape[shape.Rank - 1] - 1))),
        Case("channels inside a block", new Slice(new AxisRange(1, 3, 9)), at => at.With(1, at[1] + 3), new Shape(2, 20, 3, 5), new Shape(2, 6, 3, 5)),
        Case("second half of 116", new Slice(new AxisRange(1, 58, 116)), at => at.With(1, at[1] + 58), new Shape(1, 116, 3, 5), new Shape(1, 58, 3, 5)),
        Case("whole blocks, cut short", new Slice(new AxisRange(1, 16, 40)), at => at.With(1, at[1] + 16), new Shape(1, 48, 3, 5), new Shape(1, 24, 3, 5)),
        Case("every third channel", new Slice(new AxisRange(1, 2, 40, 3)), at => at.With(1, 2 + (at[1] * 3)), new Shape(1, 40, 2, 3), new Shape(1, 13, 2, 3)),
        Case("backwards rows and columns", new Slice(new AxisRange(2, -1, int.MinValue, -1), new AxisRange(3, 5, 0, -2)), at => at.With(2, 3 - at[2]).With(3, 5 - (at[3] * 2)), new Shape(2, 5, 4, 7), new Shape(2, 5, 4, 3)),
        Case("nothing", new Slice(new AxisRange(1, 2, 2)), at => at, new Shape(3, 5), new Shape(3, 0)),
        Case("a batch item", new Slice(new AxisRange(0, 1, 2)), at => at.With(0, 1), new Shape(3, 17, 2, 3), new Shape(1, 17, 2, 3)),
        Case("all four axes", new Slice(new AxisRange(0, 1, 3), new AxisRange(1, -2, 100), new AxisRange(2, 1, 3), new AxisRange(3, 0, 5, 2)),
            at => [at[0] + 1, at[1] + 17, at[2] + 1, at[3] * 2], new Shape(3, 19, 4, 5), new Shape(2, 2, 2, 3)),

        Case("NCHW to NHWC", new Transpose(0, 2, 3, 1), at => [at[0], at[3], at[1], at[2]], new Shape(2, 17, 3, 5), new Shape(2, 3, 5, 17)),
        Case("NHWC to NCHW", new Transpose(0, 3, 1, 2), at => [at[0], at[2], at[3], at[1]], new Shape(2, 3, 5, 17), new Shape(2, 17, 3, 5)),
        Case("rows and columns", new Transpose(0, 1, 3, 2), at => [at[0], at[1], at[3], at[2]], new Shape(2, 17, 3, 5), new Shape(2, 17, 5, 3)),
        Case("a matrix", new Transpose(), at => [at[1], at[0]], new Shape(3, 18), new Shape(18, 3)),
        Case("five axes", new Transpose(4, 0, 2, 1, 3), at => [at[1], at[3], at[2], at[4], at[0]], new Shape(2, 3, 2, 5, 4), new Shape(4, 2, 2, 3, 5)),
        Case("a vector", new Transpose(), at => at, new Shape(5), new Shape(5)),

        Case("a scalar", new Expand(new Shape(3, 2)), _ => [], new Shape(), new Shape(3, 2)),
        Case("channels over a picture", new Expand(new Shape(2, 17, 3, 4)), at => [0, at[1], 0, 0], new Shape(1, 17, 1, 1), new Shape(2, 17, 3, 4)),
        Case("more axes", new Expand(new Shape(2, 3, 1, 4)), at => [at[2], at[3]], new Shape(5, 4), new Shape(2, 3, 5, 4)),
        Case("a vector", new Tile(3), at => [at[0] % 5], new Shape(5), new Shape(15)),
        Case("a picture", new Tile(2, 3, 1, 2), at => [at[0] % 2, at[1] % 7, at[2], at[3] % 4], new Shape(2, 7, 3, 4), new Shape(4, 21, 3, 8)),

        .. new[] { (4, 2), (15, 3), (16, 4), (34, 2), (116, 2) }.Select(sizes => Case($"{sizes.Item1} channels, {sizes.Item2} groups", new ChannelShuffle(sizes.Item2),
            at => at.With(1, (at[1] % sizes.Item2 * (sizes.Item1 / sizes.Item2)) + (at[1] / sizes.Item2)), new Shape(2, sizes.Item1, 2, 3), new Shape(2, sizes.Item1, 2, 3))),

        Case("position first", new DepthToSpace(2), at => [at[0], (((at[2] % 2 * 2) + (at[3] % 2)) * 5) + at[1], at[2] / 2, at[3] / 2], new Shape(2, 20, 3, 2), new Shape(2, 5, 6, 4)),
        Case("channel first", new DepthToSpace(3, DepthOrder.ChannelFirst), at => [at[0], (at[1] * 9) + (at[2] % 3 * 3) + (at[3] % 3), at[2] / 3, at[3] / 3], new Shape(1, 36, 2, 5), new Shape(1, 4, 6, 15)),
        Case("position first", new SpaceToDepth(2), at => [at[0], at[1] % 5, (at[2] * 2) + (at[1] / 5 / 2), (at[3] * 2) + (at[1] / 5 % 2)], new Shape(2, 5, 6, 4), new Shape(2, 20, 3, 2)),
        Case("channel first", new SpaceToDepth(3, DepthOrder.ChannelFirst), at => [at[0], at[1] / 9, (at[2] * 3) + (at[1] % 9 / 3), (at[3] * 3) + (at[1] % 3)], new Shape(1, 2, 3, 6), new Shape(1, 18, 1, 2)),
    ];

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new Slice(new AxisRange(2, 0, 1)), [new Shape(3, 4)], "axis 2"),
        new(new Slice(new AxisRange(0, 0, 1, 0)), [new Shape(3, 4)], "step 0"),
        new(new Slice(new AxisRange(0, 0, 1), new AxisRange(-2, 0, 1)), [new Shape(3, 4)], "twice"),
        new(new Transpose(0, 0), [new Shape(3, 4)], "[0, 0]"),
        new(new Expand(new Shape(5)), [new Shape(3, 4)], "[3, 4] and [5]"),
        new(new Tile(2), [new Shape(3, 4)], "[2]"),
        new(new ChannelShuffle(3), [new Shape(1, 4, 1, 1)], "4 channels"),
        new(new DepthToSpace(2), [new Shape(1, 6, 1, 1)], "6 channels"),
        new(new SpaceToDepth(2), [new Shape(1, 1, 3, 2)], "2×2"),
    ];

    public static IEnumerable<RecordedCase> Recorded =>
    [
        new("slice", new Slice(new AxisRange(1, 1, 5, 2), new AxisRange(3, -2, int.MaxValue))),
        new("permute", new Transpose(0, 2, 3, 1)),
        new("pixel_shuffle", new DepthToSpace(2, DepthOrder.ChannelFirst)),
        new("pixel_unshuffle", new SpaceToDepth(2, DepthOrder.ChannelFirst)),
        new("channel_shuffle", new ChannelShuffle(3)),
        new("expand", new Expand(new Shape(2, 3, 4))),
        new("repeat", new Tile(1, 2, 3)),
    ];

    public static IEnumerable<VastCase> Vast =>
    [
        new(new Slice(new AxisRange(3, -1, int.MaxValue)), 3),
        new(new Slice(new AxisRange(3, -1, int.MinValue, -VastCase.Side / 2)), 0),
        new(new Slice(new AxisRange(0, 1, int.MaxValue)), 3) { IsRow = true },
        new(new Slice(new AxisRange(0, -2, int.MinValue, -1)), 3) { IsRow = true, MarksFirst = true },
    ];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("ShuffleNetV2", new ChannelShuffle(2), new Shape(1, 116, 28, 28)),
        LayerCase.Realistic("a detector's head", new Transpose(0, 2, 3, 1), new Shape(1, 255, 26, 26)),
    ];

    /// <summary>A case whose oracle maps the coordinates of the output to those of the input.</summary>
    private static LayerCase Case(string name, Layer layer, Func<int[], int[]> source, Shape input, Shape output) =>
        new($"{name} {layer}", layer, (x, _) => Coordinates.Fill(output, at => Coordinates.At(x[0], source(at))), 0, input);
}

internal static class CoordinateExtensions
{
    /// <summary>Coordinates with another index along one axis.</summary>
    public static int[] With(this int[] at, Index axis, int index)
    {
        int[] result = [.. at];
        result[axis] = index;
        return result;
    }
}
