using RealtimeCnn.Onnx.Importing;

namespace RealtimeCnn.Onnx.Evaluation;

/// <summary>Arithmetic on constants at load: integers exactly in 64 bits, floats in double precision and then rounded to their type.</summary>
internal static class HostArithmetic
{
    public static OnnxTensor Binary(OnnxNode node, Func<long, long, long> integers, Func<double, double, double> floats) =>
        Binary(node, node.Constant(0, "A"), node.Constant(1, "B"), integers, floats);

    /// <summary>Any number of operands, two at a time.</summary>
    public static OnnxTensor Variadic(OnnxNode node, Func<long, long, long> integers, Func<double, double, double> floats)
    {
        var result = node.Constant(0, "input 0");
        for (int i = 1; i < node.InputCount; i++)
            result = Binary(node, result, node.Constant(i, $"input {i}"), integers, floats);
        return result;
    }

    public static OnnxTensor Compare(OnnxNode node, Func<long, long, bool> integers, Func<double, double, bool> floats)
    {
        var result = Binary(node, node.Constant(0, "A"), node.Constant(1, "B"), (a, b) => integers(a, b) ? 1 : 0, (a, b) => floats(a, b) ? 1 : 0);
        return HostShapes.Cast(result, OnnxType.Bool);
    }

    public static OnnxTensor Unary(OnnxNode node, Func<long, long> integers, Func<double, double> floats)
    {
        var x = node.Constant(0, "X");
        return x.Type.IsFloat()
            ? OnnxTensor.Compute(x.Type, x.Shape, i => floats(x.DoubleAt(i)))
            : OnnxTensor.Compute(x.Type, x.Shape, i => integers(x.Int64At(i)));
    }

    /// <summary>Sum, product, mean, largest, smallest over axes.</summary>
    public static OnnxTensor Reduce(OnnxNode node, long start, Func<long, long, long> integers, Func<double, double, double> floats, bool mean = false)
    {
        var x = node.Constant(0, "data");
        var (axes, keep) = Reductions.Read(node, x.Shape);
        if (axes.Length == 0)
            return x;
        var shape = Reductions.Shape(x.Shape, axes, true);
        int[] to = HostTensors.Positions(x.Shape, Broadcasting.Strides(shape, x.Shape));
        int each = x.Count / Math.Max(shape.Count, 1);
        var result = Reductions.Shape(x.Shape, axes, keep);
        if (x.Type.IsFloat())
        {
            double first = start switch { long.MinValue => double.NegativeInfinity, long.MaxValue => double.PositiveInfinity, _ => start };
            double[] values = x.ToDoubles(), sums = [.. Enumerable.Repeat(first, shape.Count)];
            for (int i = 0; i < values.Length; i++)
                sums[to[i]] = floats(sums[to[i]], values[i]);
            return OnnxTensor.From(x.Type, result, mean ? Array.ConvertAll(sums, sum => sum / each) : sums);
        }

        long[] integersIn = x.ToInt64s(), totals = [.. Enumerable.Repeat(start, shape.Count)];
        for (int i = 0; i < integersIn.Length; i++)
            totals[to[i]] = integers(totals[to[i]], integersIn[i]);
        return OnnxTensor.From(x.Type, result, mean && each > 0 ? Array.ConvertAll(totals, sum => sum / each) : totals);
    }

    private static OnnxTensor Binary(OnnxNode node, OnnxTensor a, OnnxTensor b, Func<long, long, long> integers, Func<double, double, double> floats)
    {
        b = b.Reshaped(Elementwise.LegacyShape(node, a.Shape, b.Shape));
        var shape = HostTensors.NewShape(node, Broadcasting.Common(a.Shape, b.Shape).Longs());
        int[] fromA = HostTensors.Positions(shape, Broadcasting.Strides(a.Shape, shape)), fromB = HostTensors.Positions(shape, Broadcasting.Strides(b.Shape, shape));
        return a.Type.IsFloat()
            ? OnnxTensor.Compute(a.Type, shape, i => floats(a.DoubleAt(fromA[i]), b.DoubleAt(fromB[i])))
            : OnnxTensor.Compute(a.Type, shape, i => integers(a.Int64At(fromA[i]), b.Int64At(fromB[i])));
    }
}
