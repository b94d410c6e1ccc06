using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class MatMulCases
{
    public static IEnumerable<LayerCase> All =>
    [
        Case("one element", new Shape(1, 1), new Shape(1, 1)),
        Case("primes", new Shape(7, 13), new Shape(13, 5)),
        Case("wide", new Shape(3, 17), new Shape(17, 131)),
        Case("a long sum", new Shape(2, 1000), new Shape(1000, 3)),
        Case("more rows than a tile has", new Shape(67, 19), new Shape(19, 37)),
        Case("whole blocks", new Shape(9, 70), new Shape(70, 48)),
        Case("a batch of each", new Shape(3, 1, 9, 20), new Shape(2, 20, 35)),
        Case("batches", new Shape(2, 3, 5, 4), new Shape(2, 3, 4, 7)),
        Case("one matrix for all", new Shape(2, 3, 5, 4), new Shape(4, 7)),
        Case("batches that broadcast", new Shape(2, 1, 5, 4), new Shape(3, 4, 2)),
        Case("a row and a matrix", new Shape(5), new Shape(5, 6)),
        Case("matrices and a column", new Shape(2, 3, 5), new Shape(5)),
        Case("two vectors", new Shape(9), new Shape(9)),
    ];

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new MatMul(), [new Shape(3, 4), new Shape(5, 6)], "4 columns meet 5 rows"),
        new(new MatMul(), [new Shape(), new Shape(5, 6)], "at least vectors"),
    ];

    public static IEnumerable<RecordedCase> Recorded => [new("matmul", new MatMul())];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("attention, 12 heads", new MatMul(), new Shape(12, 197, 64), new Shape(12, 64, 197)),
        LayerCase.Realistic("attention, weighted", new MatMul(), new Shape(12, 197, 197), new Shape(12, 197, 64)),
    ];

    private static LayerCase Case(string name, Shape a, Shape b) => new(name, new MatMul(), (x, _) =>
    {
        // Axes before the matrices broadcast, aligned at the end; then the rows of a and the columns of b, where they have any.
        int[] before = [.. a.ToArray().SkipLast(2)], other = [.. b.ToArray().SkipLast(2)];
        int rank = Math.Max(before.Length, other.Length);
        int Extent(int[] axes, int axis) => axis < rank - axes.Length ? 1 : axes[axis - rank + axes.Length];
        int[] batch = [.. Enumerable.Range(0, rank).Select(axis => Math.Max(Extent(before, axis), Extent(other, axis)))];
        return Coordinates.Fill(new Shape([.. batch, .. a.ToArray().SkipLast(1).TakeLast(1), .. b.Rank > 1 ? b.ToArray()[^1..] : []]), at =>
        {
            var rest = at.ToList();
            int column = b.Rank > 1 ? Take(rest) : 0, row = a.Rank > 1 ? Take(rest) : 0;
            double sum = 0;
            for (int k = 0; k < a[a.Rank - 1]; k++)
                sum += Coordinates.At(x[0], a.Rank > 1 ? [.. rest, row, k] : [k]) * Coordinates.At(x[1], b.Rank > 1 ? [.. rest, k, column] : [k]);
            return sum;
        });
    }, 2e-6, a, b);

    private static int Take(List<int> coordinates)
    {
        int last = coordinates[^1];
        coordinates.RemoveAt(coordinates.Count - 1);
        return last;
    }
}
