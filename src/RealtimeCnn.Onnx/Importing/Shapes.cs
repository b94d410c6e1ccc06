using RealtimeCnn.Onnx.Evaluation;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>What shape-changing operators say about their result, in the forms of all operator sets.</summary>
internal static class Shapes
{
    /// <summary>Reshape: an extent of 0 is copied from the input (unless <c>allowzero</c>), −1 takes what is left.</summary>
    public static Shape ReshapeTarget(OnnxNode node, Shape x)
    {
        long[] target = node.IntsFrom("shape", 1) ?? throw OnnxNode.Problem("shape", "is missing.");
        bool allowZero = node.Flag("allowzero");
        long known = 1;
        int free = -1;
        for (int axis = 0; axis < target.Length; axis++)
        {
            if (target[axis] == 0 && !allowZero)
                target[axis] = axis < x.Rank ? x[axis] : throw OnnxNode.Problem("shape", $"copies axis {axis}, but the input {x} has no such axis.");
            if (target[axis] == -1)
                free = free < 0 ? axis : throw OnnxNode.Problem("shape", "has −1 more than once.");
            else if (target[axis] < 0)
                throw OnnxNode.Problem("shape", $"has extent {target[axis]}; −1, 0 and positive extents are possible.");
            else
                known = Math.Min(known * Math.Min(target[axis], int.MaxValue), int.MaxValue);
        }

        if (free >= 0)
            target[free] = known > 0 && x.Count % known == 0 ? x.Count / known : throw OnnxNode.Problem("shape", $"[{string.Join(", ", target)}] does not divide the {x.Count} elements of {x}.");
        var shape = Reading.TensorReader.ReadShape(target, "The target shape");
        return shape.Count == x.Count ? shape : throw OnnxNode.Problem("shape", $"{shape} has {shape.Count} elements; the input {x} has {x.Count}.");
    }

    /// <summary>Flatten: two axes, the first holding those before <c>axis</c>.</summary>
    public static Shape FlattenTarget(OnnxNode node, Shape x)
    {
        long given = node.Int("axis", 1);
        if (given < -x.Rank || given > x.Rank)
            throw OnnxNode.Problem("axis", $"is {given}; the input has {x.Rank} axes.");
        int axis = (int)(given < 0 ? given + x.Rank : given);
        return new Shape(x.Product(0, axis), x.Product(axis, x.Rank));
    }

    public static Shape SqueezeTarget(OnnxNode node, Shape x)
    {
        int[] axes = node.IntsFrom("axes", 1) is { } given ? OnnxNode.Axes(given, x.Rank) : [.. Enumerable.Range(0, x.Rank).Where(axis => x[axis] == 1)];
        if (axes.Any(axis => x[axis] != 1))
            throw OnnxNode.Problem("axes", $"{string.Join(", ", axes)} of {x} cannot be squeezed: only axes of extent 1 can.");
        return new Shape([.. Enumerable.Range(0, x.Rank).Where(axis => !axes.Contains(axis)).Select(axis => x[axis])]);
    }

    public static Shape UnsqueezeTarget(OnnxNode node, Shape x)
    {
        long[] given = node.IntsFrom("axes", 1) ?? throw OnnxNode.Problem("axes", "are missing.");
        int rank = x.Rank + given.Length;
        if (rank > Shape.MaxRank)
            throw OnnxNode.Unsupported("axes", $"would make {rank} axes; at most {Shape.MaxRank} are supported.");
        int[] axes = OnnxNode.Axes(given, rank), extents = new int[rank];
        for (int axis = 0, from = 0; axis < rank; axis++)
            extents[axis] = axes.Contains(axis) ? 1 : x[from++];
        return new Shape(extents);
    }

    /// <summary>Transpose: which input axis each output axis is; reversed by default.</summary>
    public static int[] Permutation(OnnxNode node, int rank)
    {
        if (node.Ints("perm") is not { } given)
            return [.. Enumerable.Range(0, rank).Reverse()];
        int[] permutation = OnnxNode.Axes(given, rank, "perm");
        return permutation.Length == rank ? permutation : throw OnnxNode.Problem("perm", $"has {permutation.Length} entries; the input has {rank} axes.");
    }

    /// <summary>Tile: how often each axis is repeated; opset 1 named one axis, as inputs.</summary>
    public static long[] Repeats(OnnxNode node, Shape x)
    {
        long[] repeats = node.Constant(1, "repeats").ToInt64s();
        if (node.Opset < 6)
            throw OnnxNode.Unsupported("repeats", "of opset 1 to 5 are not supported; 6 and up are.");
        return repeats.Length == x.Rank && repeats.All(repeat => repeat is >= 0 and <= int.MaxValue)
            ? repeats
            : throw OnnxNode.Problem("repeats", $"[{string.Join(", ", repeats)}] must be one number, from 0 to 2^31 − 1, for each axis of {x}.");
    }

    /// <summary>Split: the axis, and the extent of each part along it.</summary>
    public static (int Axis, int[] Parts) SplitParts(OnnxNode node, Shape x)
    {
        int axis = OnnxNode.Axis(node.Int("axis", 0), x.Rank);
        if (x.Rank == 0)
            throw OnnxNode.Problem("input", "is a scalar; there is no axis to split along.");
        int count = (int)Math.Clamp(node.Int("num_outputs", node.OutputCount), 1, int.MaxValue);
        if (count != node.OutputCount)
            throw OnnxNode.Problem("num_outputs", $"is {count}; the node has {node.OutputCount} outputs.");
        long each = ((long)x[axis] + count - 1) / count;
        long[] parts = node.IntsFrom("split", 1) ?? [.. Enumerable.Range(0, count).Select(i => Math.Clamp(x[axis] - (i * each), 0, each))];
        if (parts.Length != node.OutputCount || parts.Any(part => part < 0) || parts.Sum() != x[axis])
            throw OnnxNode.Problem("split", $"[{string.Join(", ", parts)}] does not cut the {x[axis]} elements of axis {axis} into {node.OutputCount} outputs.");
        return (axis, parts.Map(part => (int)part));
    }

    /// <summary>Shape: the extents of a value, or of some of its axes (opset 15).</summary>
    public static OnnxTensor Extents(OnnxNode node, Shape x)
    {
        long Bound(string name, long otherwise)
        {
            long axis = node.Int(name, otherwise);
            return Math.Clamp(axis < 0 ? axis + x.Rank : axis, 0, x.Rank);
        }

        long start = Bound("start", 0), end = Math.Max(Bound("end", x.Rank), start);
        return OnnxTensor.Vector(x.Longs().AsSpan((int)start, (int)(end - start)));
    }
}
