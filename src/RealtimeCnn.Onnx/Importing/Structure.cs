using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>Operators that move, choose and join elements.</summary>
internal static class Structure
{
    public static void Reshape(OnnxNode node)
    {
        var x = node.Input(0);
        var target = Shapes.ReshapeTarget(node, x.Shape);
        if (target.Count == 0)
        {
            node.Return(new Value(null, OnnxTensor.From(x.Type, target, ReadOnlySpan<double>.Empty)));
            return;
        }

        // As the file says it, with 0 and −1, so that the graph can run with other sizes.
        long[] asked = node.IntsFrom("shape", 1)!;
        node.Return(node.Add(new Reshape(asked.Map(extent => (int)extent)), x));
    }

    public static void Flatten(OnnxNode node)
    {
        var x = node.Input(0);
        Shapes.FlattenTarget(node, x.Shape);
        node.Return(node.Add(new Flatten((int)node.Int("axis", 1)), x));
    }

    public static void Squeeze(OnnxNode node)
    {
        var x = node.Input(0);
        var target = Shapes.SqueezeTarget(node, x.Shape);
        int[] axes = node.IntsFrom("axes", 1) is { } given ? OnnxNode.Axes(given, x.Shape.Rank) : [.. Enumerable.Range(0, x.Shape.Rank).Where(axis => x.Shape[axis] == 1)];
        node.Return(target == x.Shape ? x : node.Add(new Squeeze(axes), x));
    }

    public static void Unsqueeze(OnnxNode node)
    {
        var x = node.Input(0);
        var target = Shapes.UnsqueezeTarget(node, x.Shape);
        node.Return(target == x.Shape ? x : node.Add(new Unsqueeze(OnnxNode.Axes(node.IntsFrom("axes", 1)!, target.Rank)), x));
    }

    public static void Transpose(OnnxNode node)
    {
        var x = node.Input(0);
        node.Return(node.Add(new Transpose(Shapes.Permutation(node, x.Shape.Rank)), x));
    }

    public static void Expand(OnnxNode node)
    {
        var target = Reading.TensorReader.ReadShape(node.Constant(1, "shape").ToInt64s(), "The target shape");
        node.Return(node.Add(new Expand(target), node.Input(0)));
    }

    public static void Tile(OnnxNode node)
    {
        var x = node.Input(0);
        long[] repeats = Shapes.Repeats(node, x.Shape);
        if (repeats.Contains(0))
        {
            var empty = Reading.TensorReader.ReadShape(repeats.Map((repeat, axis) => repeat == 0 ? 0 : x.Shape[axis] * repeat), "The result");
            node.Return(new Value(null, OnnxTensor.From(x.Type, empty, ReadOnlySpan<double>.Empty)));
            return;
        }

        node.Return(node.Add(new Tile(repeats.Map(repeat => (int)repeat)), x));
    }

    public static void Slice(OnnxNode node)
    {
        var x = node.Input(0);
        SliceRanges.Read(node, x.Shape);
        long[] starts = node.IntsFrom("starts", 1)!, ends = node.IntsFrom("ends", 2)!;
        int[] axes = node.IntsFrom("axes", 3) is { } given ? OnnxNode.Axes(given, x.Shape.Rank) : [.. Enumerable.Range(0, starts.Length)];
        long[] steps = node.OptionalConstant(4, "steps")?.ToInt64s() ?? [.. Enumerable.Repeat(1L, starts.Length)];
        static int Clamp(long position) => (int)Math.Clamp(position, int.MinValue, int.MaxValue);
        node.Return(node.Add(new Slice(axes.Map((axis, i) => new AxisRange(axis, Clamp(starts[i]), Clamp(ends[i]), Step(steps[i], x.Shape[axis])))), x));
    }

    public static void Split(OnnxNode node)
    {
        var x = node.Input(0);
        var (axis, parts) = Shapes.SplitParts(node, x.Shape);
        int[] lengths = [.. parts.Where(part => part > 0)];
        var first = lengths.Length == 1 || x.Shape.Count == 0 ? x : node.Add(new Split(axis, lengths), x);
        int output = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            // A part of no elements is none of the layer's.
            bool isEmpty = parts[i] == 0 || x.Shape.Count == 0;
            node.Return(
                isEmpty ? new Value(null, OnnxTensor.From(x.Type, x.Shape.With(axis, parts[i]), ReadOnlySpan<double>.Empty)) : output == 0 ? first : node.Output(first, output, x.Type), i);
            output += isEmpty ? 0 : 1;
        }
    }

    public static void DepthToSpace(OnnxNode node)
    {
        string mode = node.Text("mode", "DCR");
        if (mode is not ("DCR" or "CRD"))
            throw OnnxNode.Problem("attribute 'mode'", $"is '{mode}'; DCR and CRD are possible.");
        int block = Convolutions.Count(node, "blocksize", node.Int("blocksize", 0));
        node.Return(node.Add(new DepthToSpace(block, mode == "DCR" ? DepthOrder.PositionFirst : DepthOrder.ChannelFirst), node.Input(0)));
    }

    public static void SpaceToDepth(OnnxNode node) =>
        node.Return(node.Add(new SpaceToDepth(Convolutions.Count(node, "blocksize", node.Int("blocksize", 0))), node.Input(0)));

    public static void Concat(OnnxNode node)
    {
        Value[] inputs = node.AllInputs();
        int axis = OnnxNode.Axis(node.Int("axis", 1), inputs[0].Shape.Rank);
        Value[] parts = [.. inputs.Where(input => input.Shape.Count > 0)];
        if (inputs.Any(input => input.Shape.Rank != inputs[0].Shape.Rank))
            throw OnnxNode.Problem("inputs", $"{string.Join(", ", inputs.Select(input => input.Shape))} must have as many axes as each other.");
        node.Return(parts.Length switch
        {
            0 => inputs[0],
            1 => parts[0],
            _ => node.Add(new Concat(axis), parts),
        });
    }

    /// <summary>Pad: an attribute up to opset 10, inputs from 11 on, axes from 18 on.</summary>
    public static void Pad(OnnxNode node)
    {
        var x = node.Input(0);
        int rank = x.Shape.Rank;
        long[] pads = node.IntsFrom("pads", 1) ?? node.Ints("paddings") ?? throw OnnxNode.Problem("pads", "are missing.");
        int[] axes = node.OptionalConstant(3, "axes") is { } given ? OnnxNode.Axes(given.ToInt64s(), rank) : [.. Enumerable.Range(0, rank)];
        if (pads.Length != 2 * axes.Length || pads.Any(pad => Math.Abs((double)pad) > int.MaxValue))
            throw OnnxNode.Problem("pads", $"[{string.Join(", ", pads)}] must be {2 * axes.Length} numbers.");
        int[] before = new int[rank], after = new int[rank];
        for (int i = 0; i < axes.Length; i++)
            (before[axes[i]], after[axes[i]]) = ((int)pads[i], (int)pads[axes.Length + i]);
        string mode = node.Text("mode", "constant");
        var layer = new Pad(before, after)
        {
            Value = (float)(node.Opset < 11 ? node.Float("value", 0) : node.HasInput(2) ? node.Number(2, "constant_value").DoubleAt(0) : 0),
            Mode = mode switch
            {
                "constant" => PadMode.Constant,
                "reflect" => PadMode.Reflect,
                "edge" => PadMode.Edge,
                "wrap" => PadMode.Wrap,
                _ => throw OnnxNode.Problem("attribute 'mode'", $"is '{mode}'; constant, reflect, edge and wrap are possible."),
            },
        };
        node.Return(node.Add(layer, x));
    }

    public static void Gather(OnnxNode node)
    {
        Value x = node.Input(0), indices = node.Input(1);
        int axis = OnnxNode.Axis(node.Int("axis", 0), x.Shape.Rank);
        if (x.Shape.Rank == 0)
            throw OnnxNode.Problem("data", "is a scalar; there is no axis to gather along.");
        // One index of the file is a slice, which is cheaper and runs everywhere.
        if (indices.Constant is { Count: 1 } one)
        {
            long index = one.Int64At(0), extent = x.Shape[axis];
            if (index < -extent || index >= extent)
                throw OnnxNode.Problem("indices", $"{index} lies outside the {extent} elements of axis {axis}.");
            int start = (int)index;
            var slice = node.Add(new Slice(new AxisRange(axis, start, start == -1 ? int.MaxValue : start + 1)), x);
            node.Return(indices.Shape.Rank switch
            {
                0 => node.Add(new Squeeze(axis), slice),
                1 => slice,
                _ => node.Add(new Reshape([.. x.Shape.ToArray()[..axis], .. indices.Shape.ToArray(), .. x.Shape.ToArray()[(axis + 1)..]]), slice),
            });
            return;
        }

        node.Return(node.Add(new Gather(axis), [x, indices]));
    }

    public static void GatherElements(OnnxNode node) =>
        node.Return(node.Add(new GatherElements((int)node.Int("axis", 0)), [node.Input(0), node.Input(1)]));

    public static void GatherNd(OnnxNode node) =>
        node.Return(node.Add(new GatherNd((int)node.Int("batch_dims", 0)), [node.Input(0), node.Input(1)]));

    public static void OneHot(OnnxNode node)
    {
        OnnxTensor depth = node.Constant(1, "depth"), values = node.Constant(2, "values");
        if (depth.Count != 1 || values.Count != 2)
            throw OnnxNode.Problem("depth and values", $"must be one number and two; they are {depth} and {values}.");
        var layer = new OneHot((int)Math.Clamp(depth.Int64At(0), 0, int.MaxValue), (int)node.Int("axis", -1), (float)values.DoubleAt(0), (float)values.DoubleAt(1));
        node.Return(node.Add(layer, [node.Input(0)], values.Type));
    }

    /// <summary>Einsum; an ellipsis becomes letters of its own, aligned at the last axis.</summary>
    public static void Einsum(OnnxNode node)
    {
        Value[] inputs = node.AllInputs();
        string equation = node.Text("equation", string.Empty).Replace(" ", string.Empty, StringComparison.Ordinal);
        if (!equation.Contains("...", StringComparison.Ordinal))
        {
            node.Return(node.Add(new Einsum(equation), inputs));
            return;
        }

        string[] sides = equation.Split("->");
        string[] terms = sides[0].Split(',');
        if (terms.Length != inputs.Length)
            throw OnnxNode.Problem("attribute 'equation'", $"'{equation}' has {terms.Length} terms for {inputs.Length} inputs.");
        string free = string.Concat(Enumerable.Range('A', 26).Select(letter => (char)letter).Where(letter => !equation.Contains(letter)));
        int[] hidden = terms.Map((term, i) => term.Contains("...", StringComparison.Ordinal) ? inputs[i].Shape.Rank - (term.Length - 3) : 0);
        int most = hidden.Max();
        if (hidden.Min() < 0 || most > free.Length)
            throw OnnxNode.Problem("attribute 'equation'", $"'{equation}' does not fit the inputs {string.Join(", ", inputs.Select(input => input.Shape))}.");
        string Letters(int count) => free[(most - count)..most];
        string left = string.Join(',', terms.Select((term, i) => term.Replace("...", Letters(hidden[i]), StringComparison.Ordinal)));
        string right = sides.Length > 1
            ? sides[1].Replace("...", Letters(most), StringComparison.Ordinal)
            : Letters(most) + string.Concat(sides[0].Where(char.IsAsciiLetter).GroupBy(letter => letter).Where(group => group.Count() == 1).Select(group => group.Key).Order());
        node.Return(node.Add(new Einsum($"{left}->{right}"), inputs));
    }

    /// <summary>Crop, an experimental operator of old files: cuts borders off, or keeps a size behind the left and upper border.</summary>
    public static void Crop(OnnxNode node)
    {
        var x = node.Input(0);
        long[] border = node.Ints("border") ?? throw OnnxNode.Problem("attribute 'border'", "is missing.");
        long[]? scale = node.Ints("scale");
        if (x.Shape.Rank != 4 || border.Length != 4 || (scale != null && scale.Length != 2))
            throw OnnxNode.Problem("attributes", $"border must be left, top, right, bottom and scale height, width, for an input [N, C, H, W]; it is {x.Shape}.");
        long bottom = scale == null ? x.Shape[2] - border[3] : border[1] + scale[0], right = scale == null ? x.Shape[3] - border[2] : border[0] + scale[1];
        if (border.Min() < 0 || bottom > x.Shape[2] || right > x.Shape[3] || bottom <= border[1] || right <= border[0])
            throw OnnxNode.Problem("attributes", $"leave nothing of {x.Shape}, or reach beyond it.");
        node.Return(node.Add(new Slice(new AxisRange(2, (int)border[1], (int)bottom), new AxisRange(3, (int)border[0], (int)right)), x));
    }

    // A step beyond the extent takes one element, however large it is; large ones would overflow an address.
    private static int Step(long step, int extent) => (int)Math.Clamp(step, -(long)extent - 1, (long)extent + 1);
}
