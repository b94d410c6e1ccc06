using RealtimeCnn.Onnx;

namespace RealtimeCnn.Fuzz.Oracle;

/// <summary>Functions of all elements along axes.</summary>
internal static class Reductions
{
    public static Dictionary<string, Definition> Definitions { get; } = new()
    {
        ["ReduceSum"] = Of(values => values.Sum()),
        ["ReduceMean"] = Of(values => values.Average()),
        ["ReduceMax"] = Of(values => values.Max()),
        ["ReduceMin"] = Of(values => values.Min()),
        ["ReduceProd"] = Of(values => values.Aggregate(1.0, (product, value) => product * value)),
        ["ReduceL1"] = Of(values => values.Sum(Math.Abs)),
        ["ReduceL2"] = Of(values => Math.Sqrt(values.Sum(value => value * value))),
        ["ReduceSumSquare"] = Of(values => values.Sum(value => value * value)),
        ["ReduceLogSum"] = Of(values => Math.Log(values.Sum())),
        ["ReduceLogSumExp"] = Of(values => Math.Log(values.Sum(Math.Exp))),
        ["ArgMax"] = node => Extreme(node, (a, b) => a > b),
        ["ArgMin"] = node => Extreme(node, (a, b) => a < b),
        ["TopK"] = TopK,
        ["CumSum"] = CumSum,
    };

    private static Definition Of(Func<double[], double> function) => node =>
    {
        var x = node.X;
        long[] given = node.Ints("axes", 1) ?? [];
        if (given.Length == 0 && node.Flag("noop_with_empty_axes"))
            return [x.Map(value => function([value]))];
        int[] axes = given.Length == 0 ? [.. Enumerable.Range(0, x.Rank)] : Array.ConvertAll(given, x.Axis);
        int[] reduced = [.. x.Shape.Select((extent, axis) => axes.Contains(axis) ? 1 : extent)], inner = [.. axes.Select(axis => x.Shape[axis])];
        var result = OracleTensor.Build(x.Type, reduced, at => function([.. Enumerable.Range(0, OracleTensor.Size(inner)).Select(flat =>
        {
            int[] place = [.. at], offset = OracleTensor.Coordinates(inner, flat);
            for (int i = 0; i < axes.Length; i++)
                place[axes[i]] = offset[i];
            return x.At(place);
        })]));
        return [node.Flag("keepdims", true) ? result : result.Reshaped(reduced.Where((_, axis) => !axes.Contains(axis)))];
    };

    private static double[] Row(OracleTensor x, int axis, int[] at) => [.. Enumerable.Range(0, x.Shape[axis]).Select(i => x.At(With(at, axis, i)))];

    private static int[] With(int[] at, int axis, int position)
    {
        int[] place = [.. at];
        place[axis] = position;
        return place;
    }

    private static OracleTensor[] Extreme(OracleNode node, Func<double, double, bool> isBetter)
    {
        var x = node.X;
        int axis = x.Axis(node.Int("axis"));
        var result = OracleTensor.Build(OnnxType.Int64, With(x.Shape, axis, 1), at =>
        {
            double[] row = Row(x, axis, at);
            int best = 0;
            for (int i = 1; i < row.Length; i++)
                best = isBetter(row[i], row[best]) || (row[i] == row[best] && node.Flag("select_last_index")) ? i : best;
            return best;
        });
        return [node.Flag("keepdims", true) ? result : result.Reshaped(result.Shape.Where((_, i) => i != axis))];
    }

    private static OracleTensor[] TopK(OracleNode node)
    {
        var x = node.X;
        int axis = x.Axis(node.Int("axis", -1)), k = (int)(node.Opset < 10 ? node.Int("k") : node[1].Longs[0]);
        int Place(int[] at)
        {
            double[] row = Row(x, axis, at);
            var order = Enumerable.Range(0, row.Length);
            // LINQ's sorts are stable: of equals the first wins, as the standard says.
            return (node.Flag("largest", true) ? order.OrderByDescending(i => row[i]) : order.OrderBy(i => row[i])).ElementAt(at[axis]);
        }

        int[] shape = With(x.Shape, axis, k);
        return [OracleTensor.Build(x.Type, shape, at => x.At(With(at, axis, Place(at)))), OracleTensor.Build(OnnxType.Int64, shape, at => Place(at))];
    }

    private static OracleTensor[] CumSum(OracleNode node)
    {
        var x = node.X;
        int axis = x.Axis(node[1].Longs[0]);
        bool exclusive = node.Flag("exclusive"), reverse = node.Flag("reverse");
        return [OracleTensor.Build(x.Type, x.Shape, at =>
            Row(x, axis, at).Where((_, i) => reverse ? i >= at[axis] + (exclusive ? 1 : 0) : i <= at[axis] - (exclusive ? 1 : 0)).Sum())];
    }
}
