using RealtimeCnn.Onnx.Importing;

namespace RealtimeCnn.Onnx.Folding;

/// <summary>Shape arithmetic that evaluation at load shares.</summary>
internal static class HostTensors
{
    /// <summary>The shape that operands have together when extents of 1 are repeated.</summary>
    /// <exception cref="ShapeException">They do not fit each other.</exception>
    public static Shape Broadcast(params ReadOnlySpan<Shape> shapes)
    {
        int rank = 0;
        foreach (var shape in shapes)
            rank = Math.Max(rank, shape.Rank);
        int[] extents = new int[rank];
        Array.Fill(extents, 1);
        foreach (var shape in shapes)
        {
            for (int axis = 0; axis < shape.Rank; axis++)
            {
                ref int extent = ref extents[rank - shape.Rank + axis];
                if (extent != 1 && shape[axis] != 1 && extent != shape[axis])
                    throw new ShapeException($"shapes {string.Join(", ", shapes.ToArray())} do not fit each other: along each axis, counted from the last, extents must be equal or 1.");
                extent = extent == 1 ? shape[axis] : extent;
            }
        }

        return new Shape(extents);
    }

    /// <summary>Row-major strides.</summary>
    public static int[] Strides(Shape shape)
    {
        int[] strides = new int[shape.Rank];
        for (int axis = 0; axis < shape.Rank; axis++)
            strides[axis] = shape.Product(axis + 1, shape.Rank);
        return strides;
    }

    /// <summary>Strides with which a tensor is read as if it had the shape <paramref name="broadcast"/>.</summary>
    public static int[] Strides(Shape shape, Shape broadcast)
    {
        int[] strides = new int[broadcast.Rank], own = Strides(shape);
        for (int axis = 0; axis < shape.Rank; axis++)
            strides[broadcast.Rank - shape.Rank + axis] = shape[axis] == 1 ? 0 : own[axis];
        return strides;
    }

    /// <summary>The position that each element of <paramref name="shape"/> has under given strides, in row-major order.</summary>
    public static int[] Positions(Shape shape, int[] strides, int start = 0)
    {
        int[] positions = new int[shape.Count], counter = new int[shape.Rank];
        int position = start;
        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] = position;
            for (int axis = shape.Rank - 1; axis >= 0; axis--)
            {
                position += strides[axis];
                if (++counter[axis] < shape[axis])
                    break;
                position -= strides[axis] * shape[axis];
                counter[axis] = 0;
            }
        }

        return positions;
    }

    /// <summary>A tensor of the elements at given positions.</summary>
    public static OnnxTensor Take(OnnxTensor x, Shape shape, int[] positions)
    {
        int size = x.Type.Size();
        byte[] bytes = new byte[positions.Length * size];
        var from = x.Bytes.Span;
        for (int i = 0; i < positions.Length; i++)
            from.Slice(positions[i] * size, size).CopyTo(bytes.AsSpan(i * size));
        return new OnnxTensor(x.Type, shape, bytes);
    }

    /// <summary>A shape given by numbers of the file, checked and counted before anything of that size is made.</summary>
    public static Shape NewShape(OnnxNode node, params ReadOnlySpan<long> extents)
    {
        var shape = Reading.TensorReader.ReadShape(extents.ToArray(), "The result");
        node.Graph.Budget.TakeElements(shape.Count, $"{node.Op} '{node.Name}'");
        return shape;
    }

    public static long[] Longs(this Shape shape) => [.. shape.ToArray().Select(extent => (long)extent)];
}
