using RealtimeCnn.Onnx.Importing;

namespace RealtimeCnn.Onnx.Evaluation;

/// <summary>Moving and choosing elements of constants at load.</summary>
internal static class HostShapes
{
    public static OnnxTensor Gather(OnnxNode node)
    {
        OnnxTensor x = node.Constant(0, "data"), indices = node.Constant(1, "indices");
        int axis = OnnxNode.Axis(node.Int("axis", 0), x.Shape.Rank);
        if (x.Shape.Rank == 0)
            throw OnnxNode.Problem("data", "is a scalar; there is no axis to gather along.");
        long[] before = x.Shape.Longs()[..axis], after = x.Shape.Longs()[(axis + 1)..];
        var shape = HostTensors.NewShape(node, [.. before, .. indices.Shape.Longs(), .. after]);
        int outer = x.Shape.Product(0, axis), inner = x.Shape.Product(axis + 1, x.Shape.Rank), extent = x.Shape[axis];
        int[] positions = new int[shape.Count];
        for (int i = 0, o = 0; o < outer; o++)
        {
            for (int k = 0; k < indices.Count; k++)
            {
                long index = indices.Int64At(k);
                if (index < -extent || index >= extent)
                    throw OnnxNode.Problem("indices", $"{index} lies outside the {extent} elements of axis {axis}.");
                int start = (int)((((long)o * extent) + (index < 0 ? index + extent : index)) * inner);
                for (int j = 0; j < inner; j++)
                    positions[i++] = start + j;
            }
        }

        return HostTensors.Take(x, shape, positions);
    }

    public static OnnxTensor Concat(OnnxNode node)
    {
        var first = node.Constant(0, "input 0");
        int axis = OnnxNode.Axis(node.Int("axis", 1), first.Shape.Rank);
        OnnxTensor[] parts = [.. Enumerable.Range(0, node.InputCount).Select(i => node.Constant(i, $"input {i}"))];
        long total = 0;
        foreach (var part in parts)
        {
            if (part.Shape.Rank != first.Shape.Rank || first.Shape.Rank == 0 || part.Shape.With(axis, 0) != first.Shape.With(axis, 0) || part.Type != first.Type)
                throw OnnxNode.Problem("inputs", $"{part} and {first} cannot be joined along axis {axis}.");
            total += part.Shape[axis];
        }

        long[] extents = first.Shape.Longs();
        extents[axis] = total;
        var shape = HostTensors.NewShape(node, extents);
        int size = first.Type.Size(), outer = first.Shape.Product(0, axis);
        byte[] bytes = new byte[shape.Count * size];
        for (int to = 0, o = 0; o < outer; o++)
        {
            foreach (var part in parts)
            {
                int run = part.Shape.Product(axis, part.Shape.Rank) * size;
                part.Bytes.Span.Slice(o * run, run).CopyTo(bytes.AsSpan(to));
                to += run;
            }
        }

        return new OnnxTensor(first.Type, shape, bytes);
    }

    public static OnnxTensor Slice(OnnxNode node)
    {
        var x = node.Constant(0, "data");
        var ranges = SliceRanges.Read(node, x.Shape);
        int[] strides = HostTensors.Strides(x.Shape);
        int start = 0;
        for (int axis = 0; axis < ranges.Length; axis++)
        {
            start += ranges[axis].Start * strides[axis];
            strides[axis] *= ranges[axis].Step;
        }

        var shape = HostTensors.NewShape(node, [.. ranges.Select(range => (long)range.Count)]);
        return HostTensors.Take(x, shape, shape.Count == 0 ? [] : HostTensors.Positions(shape, strides, start));
    }

    public static OnnxTensor Transpose(OnnxNode node)
    {
        var x = node.Constant(0, "data");
        int[] permutation = Shapes.Permutation(node, x.Shape.Rank), strides = HostTensors.Strides(x.Shape);
        var shape = new Shape([.. permutation.Select(axis => x.Shape[axis])]);
        return HostTensors.Take(x, shape, HostTensors.Positions(shape, [.. permutation.Select(axis => strides[axis])]));
    }

    public static OnnxTensor Expand(OnnxNode node)
    {
        var x = node.Constant(0, "input");
        var target = HostTensors.NewShape(node, node.Constant(1, "shape").ToInt64s());
        var shape = HostTensors.NewShape(node, Broadcasting.Common(x.Shape, target).Longs());
        return HostTensors.Take(x, shape, HostTensors.Positions(shape, Broadcasting.Strides(x.Shape, shape)));
    }

    public static OnnxTensor Tile(OnnxNode node)
    {
        var x = node.Constant(0, "input");
        long[] repeats = Shapes.Repeats(node, x.Shape);
        var shape = HostTensors.NewShape(node, [.. x.Shape.Longs().Select((extent, axis) => checked(extent * repeats[axis]))]);
        int[] strides = HostTensors.Strides(x.Shape), positions = new int[shape.Count], own = HostTensors.Strides(shape);
        for (int i = 0; i < positions.Length; i++)
        {
            for (int axis = 0; axis < shape.Rank; axis++)
                positions[i] += i / own[axis] % shape[axis] % x.Shape[axis] * strides[axis];
        }

        return HostTensors.Take(x, shape, positions);
    }

    public static OnnxTensor Range(OnnxNode node)
    {
        OnnxTensor start = node.Constant(0, "start"), limit = node.Constant(1, "limit"), delta = node.Constant(2, "delta");
        if (start.Count != 1 || limit.Count != 1 || delta.Count != 1 || delta.DoubleAt(0) == 0)
            throw OnnxNode.Problem("start, limit and delta", "must be one number each, and delta not 0.");
        double count = Math.Max(Math.Ceiling((limit.DoubleAt(0) - start.DoubleAt(0)) / delta.DoubleAt(0)), 0);
        var shape = HostTensors.NewShape(node, double.IsFinite(count) && count < int.MaxValue ? (long)count : long.MaxValue);
        if (!start.Type.IsFloat())
            return OnnxTensor.Compute(start.Type, shape, i => start.Int64At(0) + (i * delta.Int64At(0)));
        return OnnxTensor.Compute(start.Type, shape, i => start.DoubleAt(0) + (i * delta.DoubleAt(0)));
    }

    public static OnnxTensor ConstantOfShape(OnnxNode node)
    {
        var value = node.Tensor("value") ?? OnnxTensor.From(OnnxType.Float, new Shape(1), [0.0]);
        if (value.Count != 1)
            throw OnnxNode.Problem("attribute 'value'", $"must have one element; it is {value}.");
        var shape = HostTensors.NewShape(node, node.Constant(0, "input").ToInt64s());
        return HostTensors.Take(value, shape, new int[shape.Count]);
    }

    public static OnnxTensor Where(OnnxNode node)
    {
        OnnxTensor condition = node.Constant(0, "condition"), x = node.Constant(1, "X"), y = node.Constant(2, "Y");
        if (x.Type != y.Type)
            throw OnnxNode.Problem("X and Y", $"must have one type; they are {x} and {y}.");
        var shape = HostTensors.NewShape(node, Broadcasting.Common(condition.Shape, x.Shape, y.Shape).Longs());
        int[] choose = HostTensors.Positions(shape, Broadcasting.Strides(condition.Shape, shape));
        int[] fromX = HostTensors.Positions(shape, Broadcasting.Strides(x.Shape, shape)), fromY = HostTensors.Positions(shape, Broadcasting.Strides(y.Shape, shape));
        int size = x.Type.Size();
        byte[] bytes = new byte[shape.Count * size];
        for (int i = 0; i < choose.Length; i++)
        {
            var from = condition.Int64At(choose[i]) != 0 ? x.Bytes.Span.Slice(fromX[i] * size, size) : y.Bytes.Span.Slice(fromY[i] * size, size);
            from.CopyTo(bytes.AsSpan(i * size));
        }

        return new OnnxTensor(x.Type, shape, bytes);
    }

    public static OnnxTensor Cast(OnnxTensor x, OnnxType type)
    {
        if (type == x.Type)
            return x;
        return x.Type.IsFloat() || type.IsFloat() || type == OnnxType.Bool
            ? OnnxTensor.Compute(type, x.Shape, x.DoubleAt)
            : OnnxTensor.Compute(type, x.Shape, x.Int64At);
    }

    public static OnnxTensor NonZero(OnnxNode node)
    {
        var x = node.Constant(0, "X");
        int[] found = [.. Enumerable.Range(0, x.Count).Where(i => x.DoubleAt(i) != 0)], strides = HostTensors.Strides(x.Shape);
        var shape = HostTensors.NewShape(node, x.Shape.Rank, found.Length);
        long[] indices = new long[shape.Count];
        for (int axis = 0; axis < x.Shape.Rank; axis++)
        {
            for (int i = 0; i < found.Length; i++)
                indices[(axis * found.Length) + i] = found[i] / strides[axis] % x.Shape[axis];
        }

        return OnnxTensor.From(OnnxType.Int64, shape, indices);
    }
}
