namespace RealtimeCnn.Layers;

/// <summary>
/// Einstein's summation: each letter is an axis; the output is the sum, over the letters that it does not name, of the product of
/// the inputs. <c>bij,bjk->bik</c> is a batch of matrix products, <c>ij->ji</c> a transpose, <c>ij->i</c> a sum over rows.
/// </summary>
/// <param name="Equation">
/// Terms of the inputs, joined by commas, and the output behind <c>-></c>; without it the letters that occur once, in alphabetical
/// order. A letter twice in a term is a diagonal. An ellipsis is not possible.
/// </param>
/// <remarks>Shapes: as many axes as letters. Sums are kept in double. Source: ONNX Einsum, NumPy einsum.</remarks>
public sealed record Einsum(string Equation) : Layer
{
    /// <summary>Most inputs.</summary>
    internal const int MaxInputs = 4;

    /// <summary>Most letters.</summary>
    internal const int MaxLetters = 2 * Shape.MaxRank;

    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (1, MaxInputs);

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var (letters, extents, output) = Read(inputs);
        return new Shape([.. output.Select(letter => extents[letters.IndexOf(letter, StringComparison.Ordinal)])]);
    }

    /// <inheritdoc/>
    public override long MultiplyAccumulates(ReadOnlySpan<Shape> inputs, Shape output) =>
        (long)Math.Min(Read(inputs).Extents.Aggregate(1.0, (product, extent) => product * extent), long.MaxValue / 2);

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => Cost.Product(4, MultiplyAccumulates(inputs, output));

    /// <summary>The letters of each input and of the output.</summary>
    internal (string[] Inputs, string Output) Terms(int inputs)
    {
        string equation = Equation.Replace(" ", string.Empty, StringComparison.Ordinal);
        string[] sides = equation.Split("->");
        string[] terms = sides[0].Split(',');
        if (sides.Length > 2 || terms.Length != inputs || inputs > MaxInputs || equation.Any(letter => !char.IsAsciiLetter(letter) && letter is not (',' or '-' or '>')))
            throw new ShapeException($"equation '{Equation}' must have one term of letters for each of the {inputs} inputs (at most {MaxInputs}), and '->' with the output's letters.");
        string output = sides.Length == 2
            ? sides[1]
            : string.Concat(terms.SelectMany(term => term).GroupBy(letter => letter).Where(group => group.Count() == 1).Select(group => group.Key).Order());
        return (terms, output);
    }

    /// <summary>All letters, those of the output first, with their extents.</summary>
    internal (string Letters, int[] Extents, string Output) Read(ReadOnlySpan<Shape> inputs)
    {
        var (terms, output) = Terms(inputs.Length);
        var extents = new Dictionary<char, int>();
        for (int input = 0; input < terms.Length; input++)
        {
            if (terms[input].Length != inputs[input].Rank)
                throw new ShapeException($"equation '{Equation}': term '{terms[input]}' does not have one letter for each axis of {inputs[input]}.");
            for (int axis = 0; axis < terms[input].Length; axis++)
            {
                int extent = inputs[input][axis];
                if (extents.TryGetValue(terms[input][axis], out int known) && known != extent)
                    throw new ShapeException($"equation '{Equation}': '{terms[input][axis]}' is {known} in one place and {extent} in another.");
                extents[terms[input][axis]] = extent;
            }
        }

        if (output.Any(letter => !extents.ContainsKey(letter)) || output.Distinct().Count() != output.Length || extents.Count > MaxLetters)
            throw new ShapeException($"equation '{Equation}': the output must name letters of the inputs, each once, and there are at most {MaxLetters} letters.");
        string letters = output + string.Concat(extents.Keys.Where(letter => !output.Contains(letter)).Order());
        return (letters, [.. letters.Select(letter => extents[letter])], output);
    }
}
