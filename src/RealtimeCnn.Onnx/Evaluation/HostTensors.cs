using RealtimeCnn.Onnx.Importing;

namespace RealtimeCnn.Onnx.Evaluation;

/// <summary>Shape arithmetic that evaluation at load shares.</summary>
internal static class HostTensors
{
    /// <summary>Row-major strides.</summary>
    public static int[] Strides(Shape shape)
    {
        int[] strides = new int[shape.Rank];
        for (int axis = 0; axis < shape.Rank; axis++)
            strides[axis] = shape.Product(axis + 1, shape.Rank);
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
        node.Graph.Budget.Step(shape.Count, "The result");
        return shape;
    }

    public static long[] Longs(this Shape shape) => [.. shape.ToArray().Select(extent => (long)extent)];
}
