using RealtimeCnn.Onnx;

namespace RealtimeCnn.Fuzz.Oracle;

/// <summary>Operators that rearrange, cut and join, and those that only tell a shape.</summary>
internal static class Movements
{
    public static Dictionary<string, Definition> Definitions { get; } = new()
    {
        ["Shape"] = Shape,
        ["Size"] = node => [new OracleTensor(OnnxType.Int64, [], [node.X.Count])],
        ["Reshape"] = Reshape,
        ["Flatten"] = node =>
        {
            long axis = node.Int("axis", 1);
            int cut = (int)(axis < 0 ? axis + node.X.Rank : axis);
            return [node.X.Reshaped([OracleTensor.Size(node.X.Shape[..cut]), OracleTensor.Size(node.X.Shape[cut..])])];
        },
        ["Squeeze"] = node =>
        {
            int[]? axes = node.Ints("axes", 1) is { } given ? Array.ConvertAll(given, node.X.Axis) : null;
            return [node.X.Reshaped(node.X.Shape.Where((extent, axis) => axes == null ? extent != 1 : !axes.Contains(axis)))];
        },
        ["Unsqueeze"] = node =>
        {
            long[] given = node.Ints("axes", 1)!;
            int rank = node.X.Rank + given.Length, next = 0;
            int[] axes = Array.ConvertAll(given, axis => (int)(axis < 0 ? axis + rank : axis));
            return [node.X.Reshaped(Enumerable.Range(0, rank).Select(axis => axes.Contains(axis) ? 1 : node.X.Shape[next++]).ToArray())];
        },
        ["Transpose"] = node =>
        {
            int[] order = node.Ints("perm") is { } given ? Array.ConvertAll(given, axis => (int)axis) : [.. Enumerable.Range(0, node.X.Rank).Reverse()];
            return Moved(node.X, [.. order.Select(axis => node.X.Shape[axis])], at => [.. Enumerable.Range(0, order.Length).Select(axis => at[Array.IndexOf(order, axis)])]);
        },
        ["Expand"] = node => [OracleTensor.Build(node.X.Type, OracleTensor.Broadcast([node.X.Shape, Array.ConvertAll(node[1].Longs, extent => (int)extent)]), at => node.X.At(at))],
        ["Tile"] = node => Moved(node.X, [.. node.X.Shape.Zip(node[1].Longs, (extent, repeat) => extent * (int)repeat)], at => [.. at.Select((position, axis) => position % node.X.Shape[axis])]),
        ["Slice"] = Slice,
        ["Split"] = Split,
        ["Concat"] = Concat,
        ["Pad"] = Pad,
        ["Crop"] = node => Cut(node.X, [0, 0, (int)node.Ints("border")![1], (int)node.Ints("border")![0]], [node.X.Shape[0], node.X.Shape[1], node.X.Shape[2] - (int)node.Ints("border")![1] - (int)node.Ints("border")![3], node.X.Shape[3] - (int)node.Ints("border")![0] - (int)node.Ints("border")![2]]),
        ["DepthToSpace"] = DepthToSpace,
        ["SpaceToDepth"] = node =>
        {
            int b = (int)node.Int("blocksize"), c = node.X.Shape[1];
            return Moved(node.X, [node.X.Shape[0], c * b * b, node.X.Shape[2] / b, node.X.Shape[3] / b], at => [at[0], at[1] % c, (at[2] * b) + (at[1] / c / b), (at[3] * b) + (at[1] / c % b)]);
        },
        ["ImageScaler"] = node => [OracleTensor.Build(node.X.Type, node.X.Shape, at => (node.X.At(at) * node.Real("scale", 1)) + node.Find("bias")!.Floats[at[1]])],
        ["Constant"] = Constant,
    };

    private static OracleTensor[] Constant(OracleNode node)
    {
        if (node.Find("value") is { } tensor)
        {
            var value = OnnxTensor.FromProto(Google.Protobuf.MessageExtensions.ToByteArray(tensor.T), "value");
            return [new OracleTensor(value.Type, value.Shape.ToArray(), value.ToDoubles())];
        }

        if (node.Find("value_float") is { } real)
            return [new OracleTensor(OnnxType.Float, [], [real.F])];
        if (node.Find("value_int") is { } whole)
            return [new OracleTensor(OnnxType.Int64, [], [whole.I])];
        return node.Find("value_floats") is { } reals
            ? [new OracleTensor(OnnxType.Float, [reals.Floats.Count], [.. reals.Floats.Select(value => (double)value)])]
            : [new OracleTensor(OnnxType.Int64, [node.Ints("value_ints")!.Length], [.. node.Ints("value_ints")!.Select(value => (double)value)])];
    }

    private static OracleTensor[] Moved(OracleTensor x, int[] shape, Func<int[], int[]> from) => [OracleTensor.Build(x.Type, shape, at => x.At(from(at)))];

    private static OracleTensor[] Cut(OracleTensor x, int[] first, int[] shape) => Moved(x, shape, at => [.. at.Zip(first, (position, offset) => position + offset)]);

    private static OracleTensor[] Shape(OracleNode node)
    {
        int rank = node.X.Rank;
        int Bound(long axis) => (int)Math.Clamp(axis < 0 ? axis + rank : axis, 0, rank);
        int start = Bound(node.Int("start")), end = Math.Max(Bound(node.Int("end", rank)), start);
        double[] extents = [.. node.X.Shape[start..end].Select(extent => (double)extent)];
        return [new OracleTensor(OnnxType.Int64, [extents.Length], extents)];
    }

    private static OracleTensor[] Reshape(OracleNode node)
    {
        int[] target = Array.ConvertAll(node.Ints("shape", 1)!, extent => (int)extent);
        for (int axis = 0; axis < target.Length; axis++)
            target[axis] = target[axis] == 0 && !node.Flag("allowzero") ? node.X.Shape[axis] : target[axis];
        int free = Array.IndexOf(target, -1);
        if (free >= 0)
            target[free] = node.X.Count / OracleTensor.Size(target.Where(extent => extent >= 0));
        return [node.X.Reshaped(target)];
    }

    private static OracleTensor[] Slice(OracleNode node)
    {
        var x = node.X;
        long[] starts = node.Ints("starts", 1)!, ends = node.Ints("ends", 2)!;
        long[] axes = node.Ints("axes", 3) ?? [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)], steps = node.Ints("steps", 4) ?? [.. Enumerable.Repeat(1L, starts.Length)];
        var kept = x.Shape.Select(extent => Enumerable.Range(0, extent).ToList()).ToArray();
        for (int i = 0; i < starts.Length; i++)
        {
            int axis = x.Axis(axes[i]), extent = x.Shape[axis];
            long step = steps[i];
            long From(long position) => position < 0 ? position + extent : position;
            long at = step > 0 ? Math.Clamp(From(starts[i]), 0, extent) : Math.Clamp(From(starts[i]), 0, extent - 1);
            long end = step > 0 ? Math.Clamp(From(ends[i]), 0, extent) : Math.Clamp(From(ends[i]), -1, extent - 1);
            kept[axis] = [];
            for (; step > 0 ? at < end : at > end; at += step)
                kept[axis].Add((int)at);
        }

        return Moved(x, [.. kept.Select(positions => positions.Count)], at => [.. at.Select((position, axis) => kept[axis][position])]);
    }

    private static OracleTensor[] Split(OracleNode node)
    {
        var x = node.X;
        int axis = x.Axis(node.Int("axis")), count = node.Proto.Output.Count, each = (x.Shape[axis] + count - 1) / count, first = 0;
        long[] parts = node.Ints("split", 1) ?? [.. Enumerable.Range(0, count).Select(i => (long)Math.Min(each, x.Shape[axis] - (i * each)))];
        return [.. parts.Select(part =>
        {
            int[] offset = new int[x.Rank], shape = [.. x.Shape];
            (offset[axis], shape[axis]) = (first, (int)part);
            first += (int)part;
            return Cut(x, offset, shape)[0];
        })];
    }

    private static OracleTensor[] Concat(OracleNode node)
    {
        int axis = node.X.Axis(node.Int("axis"));
        int[] shape = [.. node.X.Shape];
        shape[axis] = node.Inputs.Sum(input => input!.Shape[axis]);
        return [OracleTensor.Build(node.X.Type, shape, at =>
        {
            int[] place = [.. at];
            int input = 0;
            while (place[axis] >= node[input].Shape[axis])
                place[axis] -= node[input++].Shape[axis];
            return node[input].At(place);
        })];
    }

    private static OracleTensor[] Pad(OracleNode node)
    {
        var x = node.X;
        long[] pads = node.Ints("pads", 1)!;
        int[] axes = node.Has(3) ? Array.ConvertAll(node[3].Longs, x.Axis) : [.. Enumerable.Range(0, x.Rank)], before = new int[x.Rank], shape = [.. x.Shape];
        for (int i = 0; i < axes.Length; i++)
        {
            before[axes[i]] = (int)pads[i];
            shape[axes[i]] += (int)(pads[i] + pads[axes.Length + i]);
        }

        string mode = node.Text("mode", "constant");
        double filling = node.Opset < 11 ? node.Real("value") : node.Has(2) ? node[2].Values[0] : 0;
        return [OracleTensor.Build(x.Type, shape, at =>
        {
            int[] place = [.. at.Zip(before, (position, offset) => position - offset)];
            for (int axis = 0; axis < place.Length; axis++)
            {
                int extent = x.Shape[axis];
                if (place[axis] >= 0 && place[axis] < extent)
                    continue;
                if (mode == "constant")
                    return filling;
                place[axis] = mode switch
                {
                    "edge" => Math.Clamp(place[axis], 0, extent - 1),
                    "wrap" => ((place[axis] % extent) + extent) % extent,
                    _ => place[axis] < 0 ? -place[axis] : (2 * (extent - 1)) - place[axis],
                };
            }

            return x.At(place);
        })];
    }

    private static OracleTensor[] DepthToSpace(OracleNode node)
    {
        var x = node.X;
        int b = (int)node.Int("blocksize"), c = x.Shape[1] / (b * b);
        return Moved(x, [x.Shape[0], c, x.Shape[2] * b, x.Shape[3] * b], at =>
        {
            int position = (at[2] % b * b) + (at[3] % b);
            return [at[0], node.Text("mode", "DCR") == "DCR" ? (position * c) + at[1] : (at[1] * b * b) + position, at[2] / b, at[3] / b];
        });
    }
}
