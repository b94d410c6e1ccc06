namespace RealtimeCnn.Fuzz.Oracle;

/// <summary>Normalisation, softmax and the losses that build on it.</summary>
internal static class Norms
{
    public static Dictionary<string, Definition> Definitions { get; } = new()
    {
        ["BatchNormalization"] = node => [OracleTensor.Build(node.X.Type, node.X.Shape, at =>
            ((node.X.At(at) - node[3].Values[Channel(at)]) / Math.Sqrt(node[4].Values[Channel(at)] + node.Real("epsilon", 1e-5f)) * node[1].Values[Channel(at)]) + node[2].Values[Channel(at)])],
        ["InstanceNormalization"] = node => [Grouped(node, node.X.Shape[1])],
        ["GroupNormalization"] = node => [Grouped(node, (int)node.Int("num_groups"))],
        ["LayerNormalization"] = LayerNorm,
        ["LRN"] = Lrn,
        ["Softmax"] = node => [Softmax(node)],
        ["LogSoftmax"] = node => [Softmax(node).Map(Math.Log)],
        ["NegativeLogLikelihoodLoss"] = node => Loss(node, node.X),
        ["SoftmaxCrossEntropyLoss"] = node => CrossEntropy(node),
    };

    private static int Channel(int[] at) => at.Length > 1 ? at[1] : 0;

    private static OracleTensor Grouped(OracleNode node, int groups)
    {
        var x = node.X;
        int channels = x.Shape[1], each = x.Count / (x.Shape[0] * groups);
        return OracleTensor.Build(x.Type, x.Shape, at =>
        {
            int group = at[1] / (channels / groups);
            double scale = node[1].Values[node[1].Count == channels ? at[1] : group], bias = node[2].Values[node[2].Count == channels ? at[1] : group];
            return (Standard(x.Values.AsSpan(((at[0] * groups) + group) * each, each), x.At(at), node.Real("epsilon", 1e-5f)) * scale) + bias;
        });
    }

    private static double Standard(ReadOnlySpan<double> values, double x, double epsilon)
    {
        double mean = 0, variance = 0;
        foreach (double value in values)
            mean += value / values.Length;
        foreach (double value in values)
            variance += (value - mean) * (value - mean) / values.Length;
        return (x - mean) / Math.Sqrt(variance + epsilon);
    }

    private static OracleTensor[] LayerNorm(OracleNode node)
    {
        var x = node.X;
        int axis = x.Axis(node.Int("axis", -1)), each = OracleTensor.Size(x.Shape[axis..]);
        double[] result = new double[x.Count];
        for (int i = 0; i < x.Count; i++)
        {
            int[] at = OracleTensor.Coordinates(x.Shape, i)[axis..];
            result[i] = (Standard(x.Values.AsSpan(i / each * each, each), x.Values[i], node.Real("epsilon", 1e-5f)) * node[1].At(at)) + (node.Has(2) ? node[2].At(at) : 0);
        }

        return [x with { Values = result }];
    }

    private static OracleTensor[] Lrn(OracleNode node)
    {
        var x = node.X;
        int size = (int)node.Int("size");
        return [OracleTensor.Build(x.Type, x.Shape, at =>
        {
            int first = Math.Max(0, at[1] - ((size - 1) / 2)), last = Math.Min(x.Shape[1] - 1, at[1] + (int)Math.Ceiling((size - 1) / 2.0));
            double squares = Enumerable.Range(first, last - first + 1).Sum(c => Math.Pow(x.At([at[0], c, .. at[2..]]), 2));
            return x.At(at) / Math.Pow(node.Real("bias", 1) + (node.Real("alpha", 1e-4f) / size * squares), node.Real("beta", 0.75f));
        })];
    }

    private static OracleTensor Softmax(OracleNode node)
    {
        var x = node.X;
        int axis = x.Axis(node.Int("axis", node.Opset < 13 ? Math.Min(1, x.Rank - 1) : -1));
        // Before opset 13 everything from the axis on is one row.
        int outer = OracleTensor.Size(x.Shape[..axis]), extent = node.Opset < 13 ? OracleTensor.Size(x.Shape[axis..]) : x.Shape[axis];
        int inner = x.Count / Math.Max(outer * extent, 1);
        return Over(x, extent, inner);
    }

    private static OracleTensor Over(OracleTensor x, int extent, int inner)
    {
        double[] result = new double[x.Count];
        for (int row = 0; row < x.Count / Math.Max(extent, 1); row++)
        {
            int first = (row / inner * extent * inner) + (row % inner);
            double most = Enumerable.Range(0, extent).Max(k => x.Values[first + (k * inner)]);
            double sum = Enumerable.Range(0, extent).Sum(k => Math.Exp(x.Values[first + (k * inner)] - most));
            for (int k = 0; k < extent; k++)
                result[first + (k * inner)] = Math.Exp(x.Values[first + (k * inner)] - most) / sum;
        }

        return x with { Values = result };
    }

    private static OracleTensor[] CrossEntropy(OracleNode node)
    {
        var x = node.X;
        var logarithms = Over(x, x.Shape[1], OracleTensor.Size(x.Shape[2..])).Map(Math.Log);
        return [Loss(node, logarithms)[0], logarithms];
    }

    /// <summary>The weighted mean (sum, or each) of what the target's class has.</summary>
    private static OracleTensor[] Loss(OracleNode node, OracleTensor x)
    {
        var target = node[1];
        double Weight(int[] at) => target.At(at) is var c && node.Find("ignore_index") is { } ignored && c == ignored.I ? 0 : node.Has(2) ? node[2].Values[(int)c] : 1;
        var each = OracleTensor.Build(x.Type, target.Shape, at => Weight(at) is 0 ? 0 : -Weight(at) * x.At([at[0], (int)target.At(at), .. at[1..]]));
        double weights = OracleTensor.Build(x.Type, target.Shape, Weight).Values.Sum();
        return node.Text("reduction", "mean") switch
        {
            "none" => [each],
            "sum" => [new OracleTensor(x.Type, [], [each.Values.Sum()])],
            _ => [new OracleTensor(x.Type, [], [each.Values.Sum() / weights])],
        };
    }
}
