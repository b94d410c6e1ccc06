using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The plain Einstein sum: loops over all letters, sums in double.</summary>
internal static unsafe class EinsumKernel
{
    public static CpuDispatch Plan(Einsum layer, LayerCall call)
    {
        Shape[] shapes = call.Inputs.Map(input => input.Shape);
        var (letters, extents, output) = layer.Read(shapes);
        string[] terms = layer.Terms(shapes.Length).Inputs;
        var constants = new Constants { Letters = letters.Length, OutputLetters = output.Length, Inputs = shapes.Length };
        for (int letter = 0; letter < letters.Length; letter++)
        {
            constants.Extents[letter] = extents[letter];
            for (int input = 0; input < shapes.Length; input++)
            {
                for (int axis = 0; axis < terms[input].Length; axis++)
                {
                    if (terms[input][axis] == letters[letter])
                        constants.Strides[(input * Einsum.MaxLetters) + letter] += shapes[input].Product(axis + 1, shapes[input].Rank);
                }
            }
        }

        return CpuDispatch.Create(&Forward, constants, call.Output.Shape.Count);
    }

    /// <summary>An item is one element of the output. The letters of the output come first, the summed ones behind.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        // The last summed letter is the inner loop, which only adds steps; without one it has one turn.
        int summed = Math.Max(c.OutputLetters, c.Letters - 1), inner = c.Letters > c.OutputLetters ? c.Extents[c.Letters - 1] : 1;
        long outer = 1;
        for (int letter = c.OutputLetters; letter < summed; letter++)
            outer *= c.Extents[letter];
        long* positions = stackalloc long[Einsum.MaxInputs];
        long* steps = stackalloc long[Einsum.MaxInputs];
        for (int input = 0; input < c.Inputs; input++)
            steps[input] = c.Letters > c.OutputLetters ? c.Strides[(input * Einsum.MaxLetters) + c.Letters - 1] : 0;
        for (int item = from; item < to; item++)
        {
            double sum = 0;
            for (long term = 0; term < outer; term++)
            {
                new Span<long>(positions, Einsum.MaxInputs).Clear();
                Locate(in c, term, c.OutputLetters, summed, positions);
                Locate(in c, item, 0, c.OutputLetters, positions);
                sum = AddProducts(sum, arguments->Inputs, c.Inputs, positions, steps, inner);
            }

            arguments->Output[item] = (float)sum;
        }
    }

    private static double AddProducts(double sum, float** inputs, int count, long* positions, long* steps, int turns)
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

    private static void Locate(in Constants c, long index, int first, int end, long* positions)
    {
        for (int letter = end - 1; letter >= first; letter--)
        {
            long coordinate = index % c.Extents[letter];
            index /= c.Extents[letter];
            for (int input = 0; input < c.Inputs; input++)
                positions[input] += coordinate * c.Strides[(input * Einsum.MaxLetters) + letter];
        }
    }

    private struct Constants
    {
        public int Letters;
        public int OutputLetters;
        public int Inputs;
        public fixed int Extents[Einsum.MaxLetters];
        public fixed int Strides[Einsum.MaxInputs * Einsum.MaxLetters];
    }
}
