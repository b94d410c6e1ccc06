using RealtimeCnn.Fuzz.Drawing;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Fuzz.Operators;

/// <summary>Sums of products.</summary>
internal static class Products
{
    public static IEnumerable<OperatorDraw> All =>
    [
        new("Gemm", Gemm) { IsTame = true },
        new("MatMul", MatMul) { IsTame = true },
        new("MatMulInteger", d =>
        {
            var a = d.Whole([d.Next(1, 9), d.Next(1, 17)], 0, 15, OnnxType.UInt8);
            d.Node("MatMulInteger", [a, d.Constant([a.Shape[1], d.Next(1, 17)], () => d.Next(0, 15), OnnxType.UInt8), d.Scalar(d.Next(0, 9), OnnxType.UInt8), d.Scalar(d.Next(0, 9), OnnxType.UInt8)]);
        }) { Since = 10 },
        new("Einsum", Einsum) { Since = 12 },
    ];

    private static void Gemm(Draft d)
    {
        var a = d.Floats(2);
        bool turnA = d.Chance(0.3), turnB = d.Chance(0.5);
        int rows = a.Shape[turnA ? 1 : 0], depth = a.Shape[turnA ? 0 : 1], columns = d.Any(1, 3, 16, 17);
        int[] shape = turnB ? [columns, depth] : [depth, columns];
        double spread = 1.5 / Math.Sqrt(depth);
        var b = d.Chance(0.7) ? d.Constant(shape, -spread, spread) : d.Input(shape, -spread, spread);
        // Before opset 11 the bias is not left out.
        string[] bias = d.Opset < 11 || d.Chance(0.7) ? [d.Chance(0.7) ? d.Constant(d.Any<int[]>([columns], [1, columns], [rows, columns], [])) : d.Input([columns], -1, 1)] : [];
        d.Node("Gemm", [a, b, .. bias], ("transA", turnA ? 1 : d.Maybe(0)), ("transB", turnB ? 1 : d.Maybe(0)), ("alpha", d.Maybe(d.Real(-2, 2))), ("beta", d.Maybe(d.Real(-2, 2))));
    }

    private static void MatMul(Draft d)
    {
        var a = d.Floats(d.Next(1, 4));
        int depth = a.Shape[^1], columns = d.Any(1, 2, 16, 17, 33);
        double spread = 1.5 / Math.Sqrt(depth);
        int[] b = d.Next(0, 3) switch
        {
            0 => [depth],
            1 when a.Rank > 2 => [.. d.Stretching(a.Shape[..^2]), depth, columns],
            _ => [depth, columns],
        };
        d.Node("MatMul", [a, d.Chance(0.6) ? d.Constant(b, -spread, spread) : d.Input(b, -spread, spread)]);
    }

    private static void Einsum(Draft d)
    {
        int i = d.Next(1, 9), j = d.Next(1, 9), k = d.Next(1, 9);
        var (equation, shapes) = d.Any<(string, int[][])>(
            ("ij,jk->ik", [[i, j], [j, k]]), ("ij,kj->ik", [[i, j], [k, j]]), ("bij,bjk->bik", [[2, i, j], [2, j, k]]), ("ij->ji", [[i, j]]),
            ("ij->", [[i, j]]), ("ii->i", [[i, i]]), ("i,j->ij", [[i], [j]]), ("ij,ij->j", [[i, j], [i, j]]), ("ij,jk", [[i, j], [j, k]]));
        d.Node("Einsum", shapes.Select(shape => (string)d.Floats(shape)), ("equation", equation));
    }
}
