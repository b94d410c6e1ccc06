using RealtimeCnn.Fuzz.Drawing;

namespace RealtimeCnn.Fuzz.Operators;

/// <summary>Operators that rearrange, cut, join and resize.</summary>
internal static class Structure
{
    public static IEnumerable<OperatorDraw> All =>
    [
        new("Reshape", Reshape) { IsTame = true },
        new("Flatten", d =>
        {
            var x = d.Floats(d.Next(1, 5));
            d.Node("Flatten", [x], ("axis", d.Maybe(d.Next(d.Opset < 11 ? 0 : -x.Rank, x.Rank))));
        }) { IsTame = true },
        new("Squeeze", d =>
        {
            var x = d.Floats([.. d.Shape(d.Next(1, 4)).Select(extent => d.Chance(0.5) ? 1 : extent)]);
            int[] ones = [.. Enumerable.Range(0, x.Rank).Where(axis => x.Shape[axis] == 1).Select(axis => d.Opset >= 11 && d.Chance(0.3) ? axis - x.Rank : axis)];
            WithAxes(d, "Squeeze", x, ones.Length > 0 && d.Chance(0.7) ? ones[..d.Next(1, ones.Length)] : null);
        }) { IsTame = true },
        new("Unsqueeze", d =>
        {
            var x = d.Floats(d.Next(0, 3));
            int added = d.Next(1, 2), rank = x.Rank + added;
            WithAxes(d, "Unsqueeze", x, [.. d.Permutation(rank)[..added].Select(axis => d.Opset >= 11 && d.Chance(0.3) ? axis - rank : axis)]);
        }) { IsTame = true },
        new("Transpose", d =>
        {
            var x = d.Floats(d.Next(1, 5));
            d.Node("Transpose", [x], ("perm", d.Chance(0.2) ? null : d.Permutation(x.Rank)));
        }) { IsTame = true },
        new("Expand", d =>
        {
            int[] target = d.Shape(d.Next(1, 4));
            d.Node("Expand", [d.Floats(d.Stretching(target)), d.Vector(target)]);
        }) { IsTame = true },
        new("Tile", d =>
        {
            var x = d.Floats(d.Next(1, 4));
            d.Node("Tile", [x, d.Vector([.. x.Shape.Select(_ => d.Next(1, 2))])]);
        }) { IsTame = true },
        new("Slice", Slice) { IsTame = true },
        new("Split", Split) { IsTame = true },
        new("Concat", d =>
        {
            var x = d.Floats(d.Next(1, 4));
            int axis = d.Opset < 11 ? d.Next(0, x.Rank - 1) : d.Axis(x.Rank), place = axis < 0 ? axis + x.Rank : axis;
            d.Node("Concat", [x, .. Enumerable.Range(0, d.Next(0, 3)).Select(_ => (string)d.Floats([.. x.Shape.Select((extent, i) => i == place ? d.Any(extent, 1, 3, 16) : extent)]))], ("axis", axis));
        }) { IsTame = true },
        new("Pad", Pad) { IsTame = true },
        new("Crop", d =>
        {
            var x = d.Floats([1, d.Next(1, 17), d.Next(5, 17), d.Next(5, 17)]);
            d.Node("Crop", [x], ("border", new[] { d.Next(0, 2), d.Next(0, 2), d.Next(0, 2), d.Next(0, 2) }));
        }) { Until = 9 },
        new("DepthToSpace", d =>
        {
            int block = d.Next(1, 3);
            var x = d.Floats([d.Next(1, 2), block * block * d.Next(1, 5), d.Next(1, 7), d.Next(1, 7)]);
            d.Node("DepthToSpace", [x], ("blocksize", block), ("mode", d.Opset < 11 ? null : d.Any<object?>(null, "DCR", "CRD")));
        }) { IsTame = true },
        new("SpaceToDepth", d =>
        {
            int block = d.Next(1, 3);
            d.Node("SpaceToDepth", [d.Floats([d.Next(1, 2), d.Next(1, 9), block * d.Next(1, 5), block * d.Next(1, 5)])], ("blocksize", block));
        }) { IsTame = true },
        new("Resize", Resize) { Since = 11, IsTame = true },
        new("Upsample", d =>
        {
            var x = d.Floats(4);
            double[] scales = [1, 1, d.Any(1, 2, 3, 1.5), d.Any(1, 2, 3, 2.5)];
            int i = 0;
            d.Node("Upsample", [x, d.Constant([4], () => scales[i++])], ("mode", d.Any<object?>(null, "nearest", "linear")));
        }) { Until = 9 },
    ];

    /// <summary>Axes as an attribute in older operator sets, and as an input from 13 on; left out where null.</summary>
    private static void WithAxes(Draft d, string op, Operand x, int[]? axes)
    {
        if (axes == null)
            d.Node(op, [x]);
        else if (d.Opset < 13)
            d.Node(op, [x], ("axes", axes));
        else
            d.Node(op, [x, d.Vector(axes)]);
    }

    private static void Reshape(Draft d)
    {
        var x = d.Floats(d.Next(0, 5));
        int left = x.Shape.Aggregate(1, (product, extent) => product * extent);
        var target = new List<int>();
        while (target.Count < 4 && (left > 1 || d.Chance(0.4)))
        {
            int[] divisors = [.. Enumerable.Range(1, left).Where(divisor => left % divisor == 0)];
            target.Add(d.Any(divisors));
            left /= target[^1];
        }

        if (left > 1)
            target.Add(left);
        if (target.Count > 0 && d.Chance(0.4))
            target[d.Next(0, target.Count - 1)] = -1;
        for (int axis = 0; axis < Math.Min(target.Count, x.Rank); axis++)
            target[axis] = target[axis] == x.Shape[axis] && d.Chance(0.3) ? 0 : target[axis];
        d.Node("Reshape", [x, d.Vector([.. target])]);
    }

    private static void Slice(Draft d)
    {
        var x = d.Floats(d.Next(1, 4));
        int[] axes = d.Axes(x.Rank, 1), starts = [.. axes], ends = [.. axes], steps = [.. axes];
        for (int i = 0; i < axes.Length; i++)
        {
            int extent = x.Shape[axes[i] < 0 ? axes[i] + x.Rank : axes[i]], first = d.Next(0, extent - 1), last = d.Next(first, extent - 1);
            bool back = d.Opset >= 10 && d.Chance(0.3);
            steps[i] = d.Opset < 10 ? 1 : d.Any(1, 1, 2, 3) * (back ? -1 : 1);
            (starts[i], ends[i]) = back ? (last, first == 0 ? int.MinValue : first - 1) : (first, last == extent - 1 && d.Chance(0.4) ? int.MaxValue : last + 1);
            // The same places, counted from the end.
            starts[i] = d.Chance(0.3) ? starts[i] - extent : starts[i];
        }

        if (d.Opset < 10)
            d.Node("Slice", [x], ("starts", starts), ("ends", ends), ("axes", axes.Select(axis => axis < 0 ? axis + x.Rank : axis).ToArray()));
        else
            d.Node("Slice", [x, d.Vector(starts), d.Vector(ends), d.Vector(axes), d.Vector(steps)]);
    }

    private static void Split(Draft d)
    {
        var x = d.Floats(d.Next(1, 4));
        int axis = d.Opset < 11 ? d.Next(0, x.Rank - 1) : d.Axis(x.Rank), extent = x.Shape[axis < 0 ? axis + x.Rank : axis], first = d.Next(1, extent);
        int[] parts = first == extent ? [extent] : [first, extent - first];
        if (d.Opset < 13)
            d.Nodes("Split", [x], parts.Length, ("axis", axis), ("split", parts));
        else
            d.Nodes("Split", [x, d.Vector(parts)], parts.Length, ("axis", axis));
    }

    private static void Pad(Draft d)
    {
        var x = d.Floats(d.Next(1, 4));
        string mode = d.Any("constant", "constant", "reflect", "edge", d.Opset >= 19 ? "wrap" : "edge");
        int[] pads = [.. x.Shape.Concat(x.Shape).Select(extent => mode switch
        {
            "constant" => d.Next(extent > 2 ? -1 : 0, 3),
            "reflect" => d.Next(0, Math.Min(extent - 1, 3)),
            _ => d.Next(0, 3),
        })];
        if (d.Opset < 11)
            d.Node("Pad", [x], ("pads", pads), ("mode", mode), ("value", d.Maybe(d.Real(-1, 1))));
        else
            d.Node("Pad", mode == "constant" && d.Chance(0.5) ? [x, d.Vector(pads), d.Scalar(d.Real(-1, 1))] : [x, d.Vector(pads)], ("mode", mode));
    }

    /// <summary>By factors that powers of two make, so that no position falls between two pixels by a rounding error alone.</summary>
    private static void Resize(Draft d)
    {
        var x = d.Floats(4);
        string mode = d.Any("nearest", "nearest", "linear"), coordinates = d.Any("half_pixel", "asymmetric", "pytorch_half_pixel", mode == "linear" ? "align_corners" : "half_pixel");
        object? rounding = mode == "nearest" ? d.Any("round_prefer_floor", "round_prefer_ceil", "floor", "ceil") : null;
        double[] scales = [1, 1, d.Any(1, 2, 4, 0.5), d.Any(1, 2, 4, 0.5)];
        (string, object?)[] attributes = [("mode", mode), ("coordinate_transformation_mode", coordinates), ("nearest_mode", rounding)];
        for (int axis = 2; axis < 4; axis++)
            scales[axis] = x.Shape[axis] % 2 == 1 && scales[axis] < 1 ? 2 : scales[axis];
        int i = 0;
        if (d.Chance(0.5))
            d.Node("Resize", [x, string.Empty, d.Constant([4], () => scales[i++])], attributes);
        else
            d.Node("Resize", [x, string.Empty, string.Empty, d.Vector([.. x.Shape.Zip(scales, (extent, scale) => (int)(extent * scale))])], attributes);
    }
}
