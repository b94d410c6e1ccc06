using RealtimeCnn.Onnx;

namespace RealtimeCnn.Fuzz.Oracle;

/// <summary>Sums of products.</summary>
internal static class Products
{
    public static Dictionary<string, Definition> Definitions { get; } = new()
    {
        ["MatMul"] = node => [Multiply(node.X, node[1])],
        ["MatMulInteger"] = node => [Multiply(Shifted(node, 0, 2), Shifted(node, 1, 3)) with { Type = OnnxType.Int32 }],
        ["Gemm"] = Gemm,
        ["Einsum"] = Einsum,
    };

    private static OracleTensor Shifted(OracleNode node, int input, int zero) => node.Has(zero) ? node[input].Map(value => value - node[zero].Values[0]) : node[input];

    private static OracleTensor[] Gemm(OracleNode node)
    {
        double alpha = node.Real("alpha", 1), beta = node.Real("beta", 1);
        var product = Multiply(Turned(node.X, node.Flag("transA")), Turned(node[1], node.Flag("transB")));
        return [OracleTensor.Build(product.Type, product.Shape, at => (alpha * product.At(at)) + (node.Has(2) ? beta * node[2].At(at) : 0))];
    }

    private static OracleTensor Turned(OracleTensor x, bool isTurned) =>
        isTurned ? OracleTensor.Build(x.Type, [x.Shape[1], x.Shape[0]], at => x.At([at[1], at[0]])) : x;

    private static OracleTensor Multiply(OracleTensor a, OracleTensor b)
    {
        // Vectors are matrices of one row, or one column, whose axis disappears again.
        OracleTensor left = a.Rank == 1 ? a.Reshaped([1, a.Count]) : a, right = b.Rank == 1 ? b.Reshaped([b.Count, 1]) : b;
        int[] batch = left.Rank == 2 && right.Rank == 2 ? [] : OracleTensor.Broadcast([left.Shape[..^2], right.Shape[..^2]]);
        int rows = left.Shape[^2], columns = right.Shape[^1], depth = left.Shape[^1];
        var product = OracleTensor.Build(a.Type, [.. batch, rows, columns], at =>
            Enumerable.Range(0, depth).Sum(k => left.At([.. at[..^1], k]) * right.At([.. at[..^2], k, at[^1]])));
        return product.Reshaped([.. batch, .. a.Rank == 1 ? Array.Empty<int>() : [rows], .. b.Rank == 1 ? Array.Empty<int>() : [columns]]);
    }

    private static OracleTensor[] Einsum(OracleNode node)
    {
        string[] sides = node.Text("equation").Replace(" ", string.Empty, StringComparison.Ordinal).Split("->");
        string[] terms = sides[0].Split(',');
        var extents = new SortedDictionary<char, int>();
        foreach (var (term, input) in terms.Zip(node.Inputs))
        {
            for (int i = 0; i < term.Length; i++)
                extents[term[i]] = Math.Max(extents.GetValueOrDefault(term[i], 1), input!.Shape[i]);
        }

        string output = sides.Length > 1 ? sides[1] : string.Concat(extents.Keys.Where(letter => sides[0].Count(other => other == letter) == 1));
        string summed = string.Concat(extents.Keys.Where(letter => !output.Contains(letter, StringComparison.Ordinal)));
        int[] sums = [.. summed.Select(letter => extents[letter])];
        return [OracleTensor.Build(node.X.Type, [.. output.Select(letter => extents[letter])], at => Enumerable.Range(0, OracleTensor.Size(sums)).Sum(flat =>
        {
            int[] all = [.. at, .. OracleTensor.Coordinates(sums, flat)];
            string letters = output + summed;
            return terms.Zip(node.Inputs).Aggregate(1.0, (product, pair) => product * pair.Second!.At([.. pair.First.Select(letter => all[letters.IndexOf(letter, StringComparison.Ordinal)])]));
        }))];
    }
}
