namespace RealtimeCnn.SelfTests.Oracles;

/// <summary>A row-major tensor of doubles: what oracles compute in.</summary>
internal sealed class DoubleTensor(Shape shape)
{
    public Shape Shape { get; } = shape;

    public double[] Values { get; } = new double[shape.Count];

    public ref double this[int n, int c, int h, int w] => ref Values[(((((n * Shape.Channels) + c) * Shape.Height) + h) * Shape.Width) + w];

    /// <summary>The element at <paramref name="flat"/>, in row-major order.</summary>
    public ref double this[int flat] => ref Values[flat];

    public static DoubleTensor Of(Tensor tensor)
    {
        var result = new DoubleTensor(tensor.Shape);
        for (int i = 0; i < result.Values.Length; i++)
            result.Values[i] = tensor.Span[i];
        return result;
    }

    /// <summary>The coordinates of a flat index, for messages.</summary>
    public string Coordinates(int flat)
    {
        int[] at = new int[Shape.Rank];
        for (int axis = Shape.Rank - 1; axis >= 0; axis--)
        {
            at[axis] = flat % Shape[axis];
            flat /= Shape[axis];
        }

        return $"({string.Join(", ", at)})";
    }

    /// <summary>A tensor whose elements are computed from their coordinates.</summary>
    public static DoubleTensor Fill(Shape shape, Func<int, int, int, int, double> element)
    {
        var result = new DoubleTensor(shape);
        for (int n = 0; n < shape.Batch; n++)
        for (int c = 0; c < shape.Channels; c++)
        for (int h = 0; h < shape.Height; h++)
        for (int w = 0; w < shape.Width; w++)
            result[n, c, h, w] = element(n, c, h, w);
        return result;
    }

    /// <summary>A tensor whose elements are computed one by one from those of another of the same shape.</summary>
    public static DoubleTensor Map(DoubleTensor x, Func<double, double> function)
    {
        var result = new DoubleTensor(x.Shape);
        for (int i = 0; i < x.Values.Length; i++)
            result[i] = function(x[i]);
        return result;
    }
}
