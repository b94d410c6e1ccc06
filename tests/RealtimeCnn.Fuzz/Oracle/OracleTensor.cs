using RealtimeCnn.Onnx;

namespace RealtimeCnn.Fuzz.Oracle;

/// <summary>A row-major tensor of doubles of any rank: what the oracle computes in.</summary>
/// <param name="Type">Element type that the file would give it.</param>
/// <param name="Shape">Extent along each axis.</param>
/// <param name="Values">All elements.</param>
internal sealed record OracleTensor(OnnxType Type, int[] Shape, double[] Values)
{
    public int Rank => Shape.Length;

    public int Count => Values.Length;

    public long[] Longs => Array.ConvertAll(Values, value => (long)value);

    /// <summary>A tensor whose elements are computed from their coordinates.</summary>
    public static OracleTensor Build(OnnxType type, int[] shape, Func<int[], double> element)
    {
        double[] values = new double[Size(shape)];
        for (int flat = 0; flat < values.Length; flat++)
            values[flat] = element(Coordinates(shape, flat));
        return new OracleTensor(type, shape, values);
    }

    public static int Size(IEnumerable<int> shape) => shape.Aggregate(1, (product, extent) => checked(product * extent));

    public static int[] Coordinates(int[] shape, int flat)
    {
        int[] at = new int[shape.Length];
        for (int axis = shape.Length - 1; axis >= 0; axis--)
            (flat, at[axis]) = Math.DivRem(flat, shape[axis]);
        return at;
    }

    /// <summary>The element at coordinates; axes of extent 1 stretch, and leading coordinates that the tensor lacks are dropped.</summary>
    public double At(ReadOnlySpan<int> at)
    {
        int flat = 0, missing = at.Length - Rank;
        for (int axis = 0; axis < Rank; axis++)
            flat = (flat * Shape[axis]) + (Shape[axis] == 1 ? 0 : at[axis + missing]);
        return Values[flat];
    }

    public OracleTensor Map(Func<double, double> function, OnnxType? type = null) => new(type ?? Type, Shape, Array.ConvertAll(Values, value => function(value)));

    public OracleTensor Reshaped(IEnumerable<int> shape) => this with { Shape = [.. shape] };

    /// <summary>The extent with which two or more shapes stretch over each other.</summary>
    public static int[] Broadcast(params IEnumerable<int[]> shapes)
    {
        int rank = shapes.Max(shape => shape.Length);
        int[] result = [.. Enumerable.Repeat(1, rank)];
        foreach (int[] shape in shapes)
        {
            for (int axis = 0; axis < shape.Length; axis++)
            {
                if (shape[axis] != 1)
                    result[rank - shape.Length + axis] = shape[axis];
            }
        }

        return result;
    }

    public int Axis(long axis) => (int)(axis < 0 ? axis + Rank : axis);
}
