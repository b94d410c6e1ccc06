using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

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
internal sealed record Einsum(string Equation) : Layer
{
    private const int MaxInputs = 4;
    private const int MaxLetters = 2 * Shape.MaxRank;

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

    internal override LayoutChoice ChooseLayout(ReadOnlySpan<TensorInfo> inputs, Shape output, int block) => LayoutChoice.Plain;

    internal override unsafe CpuDispatch PlanCpu(LayerCall call)
    {
        Shape[] shapes = [.. call.Inputs.Select(input => input.Shape)];
        var (letters, extents, output) = Read(shapes);
        string[] terms = Terms(shapes.Length).Inputs;
        var constants = new Constants { Letters = letters.Length, OutputLetters = output.Length, Inputs = shapes.Length };
        for (int letter = 0; letter < letters.Length; letter++)
        {
            constants.Extents[letter] = extents[letter];
            for (int input = 0; input < shapes.Length; input++)
            {
                for (int axis = 0; axis < terms[input].Length; axis++)
                {
                    if (terms[input][axis] == letters[letter])
                        constants.Strides[(input * MaxLetters) + letter] += shapes[input].Product(axis + 1, shapes[input].Rank);
                }
            }
        }

        return CpuDispatch.Create(&Forward, constants, call.Output.Shape.Count);
    }

    /// <summary>An item is one element of the output. The letters of the output come first, the summed ones behind.</summary>
    private static unsafe void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        // The last summed letter is the inner loop, which only adds steps; without one it has one turn.
        int summed = Math.Max(c.OutputLetters, c.Letters - 1), inner = c.Letters > c.OutputLetters ? c.Extents[c.Letters - 1] : 1;
        long outer = 1;
        for (int letter = c.OutputLetters; letter < summed; letter++)
            outer *= c.Extents[letter];
        long* positions = stackalloc long[MaxInputs];
        long* steps = stackalloc long[MaxInputs];
        for (int input = 0; input < c.Inputs; input++)
            steps[input] = c.Letters > c.OutputLetters ? c.Strides[(input * MaxLetters) + c.Letters - 1] : 0;
        for (int item = from; item < to; item++)
        {
            double sum = 0;
            for (long term = 0; term < outer; term++)
            {
                new Span<long>(positions, MaxInputs).Clear();
                Locate(in c, term, c.OutputLetters, summed, positions);
                Locate(in c, item, 0, c.OutputLetters, positions);
                sum = AddProducts(sum, arguments->Inputs, c.Inputs, positions, steps, inner);
            }

            arguments->Output[item] = (float)sum;
        }
    }

    private static unsafe double AddProducts(double sum, float** inputs, int count, long* positions, long* steps, int turns)
    {
        for (int turn = 0; turn < turns; turn++)
        {
            double product = 1;
            for (int input = 0; input < count; input++)
            {
                product *= inputs[input][positions[input]];
                positions[input] += steps[input];
            }

            sum += product;
        }

        return sum;
    }

    private static unsafe void Locate(in Constants c, long index, int first, int end, long* positions)
    {
        for (int letter = end - 1; letter >= first; letter--)
        {
            long coordinate = index % c.Extents[letter];
            index /= c.Extents[letter];
            for (int input = 0; input < c.Inputs; input++)
                positions[input] += coordinate * c.Strides[(input * MaxLetters) + letter];
        }
    }

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
    private (string Letters, int[] Extents, string Output) Read(ReadOnlySpan<Shape> inputs)
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

    private unsafe struct Constants
    {
        public int Letters;
        public int OutputLetters;
        public int Inputs;
        public fixed int Extents[MaxLetters];
        public fixed int Strides[MaxInputs * MaxLetters];
    }
}
