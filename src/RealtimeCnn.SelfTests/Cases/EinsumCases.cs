using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class EinsumCases
{
    public static IEnumerable<LayerCase> All =>
    [
        Case("a matrix product", "ij,jk->ik", new Shape(3, 5), new Shape(5, 7)),
        Case("a batch of them, transposed", "bij,bkj->bki", new Shape(2, 3, 5), new Shape(2, 4, 5)),
        Case("a sum over rows", "ij->i", new Shape(3, 5)),
        Case("a diagonal", "ii->i", new Shape(4, 4)),
        Case("a trace", "ii", new Shape(4, 4)),
        Case("an inner product of three", "i,i,i", new Shape(6), new Shape(6), new Shape(6)),
    ];

    public static IEnumerable<RefusedCase> Refused => [new(new Einsum("ij,jk->ik"), [new Shape(2, 3), new Shape(4, 5)], "'j'")];

    private static LayerCase Case(string name, string equation, params Shape[] inputs) =>
        new(name, new Einsum(equation), (x, _) => Compute(equation, x), 2e-6, inputs) { CpuOnly = true };

    /// <summary>The sum over every assignment of numbers to letters.</summary>
    private static DoubleTensor Compute(string equation, DoubleTensor[] x)
    {
        string[] sides = equation.Split("->"), terms = sides[0].Split(',');
        string letters = new([.. sides[0].Where(char.IsLetter).Distinct()]);
        string output = sides.Length == 2 ? sides[1] : new([.. letters.Where(letter => sides[0].Count(other => other == letter) == 1).Order()]);
        int[] extents = [.. letters.Select(letter =>
        {
            int term = Array.FindIndex(terms, text => text.Contains(letter, StringComparison.Ordinal));
            return x[term].Shape[terms[term].IndexOf(letter, StringComparison.Ordinal)];
        })];
        var result = new DoubleTensor(new Shape([.. output.Select(letter => extents[letters.IndexOf(letter, StringComparison.Ordinal)])]));
        for (int assignment = 0; assignment < extents.Aggregate(1, (product, extent) => product * extent); assignment++)
        {
            var at = new Dictionary<char, int>();
            for (int i = 0, rest = assignment; i < letters.Length; rest /= extents[i++])
                at[letters[i]] = rest % extents[i];
            double product = 1;
            for (int term = 0; term < terms.Length; term++)
                product *= x[term][Flat(terms[term], x[term].Shape, at)];
            result[Flat(output, result.Shape, at)] += product;
        }

        return result;
    }

    private static int Flat(string letters, Shape shape, Dictionary<char, int> at)
    {
        int flat = 0;
        for (int i = 0; i < letters.Length; i++)
            flat = (flat * shape[i]) + at[letters[i]];
        return flat;
    }
}
