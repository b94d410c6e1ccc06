using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// In training sets elements to zero at random and scales the others so that the expectation stays:
/// <c>y[i] = keep(i) ? x[i] / (1 − Rate) : 0</c>. At inference <c>y = x</c>, at no cost. Shapes: any → the same.
/// </summary>
/// <param name="Rate">Probability that an element becomes zero, in [0, 1).</param>
/// <remarks>
/// keep(i) is a function of the run's seed, the node's name, the number of the training step and the row-major index alone:
/// <c>hash(i XOR key) ≥ Rate · 2^32</c> with <c>key = hash(hash(seed) XOR fnv(name) XOR hash(step))</c>, the PCG hash of Jarzynski and
/// Olano 2020, "Hash Functions for GPU Rendering", and the 32-bit FNV-1a hash of the name's UTF-16 units. Every backend and
/// thread count drops the same elements, and each step others. Source: Srivastava et al. 2014, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting"; ONNX Dropout.
/// </remarks>
public sealed record Dropout(float Rate = 0.5f) : Layer
{
    /// <summary>Elements are kept where their hash is at least this.</summary>
    internal uint Threshold => (uint)Math.Min(Rate * 4294967296.0, uint.MaxValue);

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => Rate is >= 0 and < 1
        ? inputs[0]
        : throw new ShapeException($"rate {Rate} is not possible: it is at least 0 and below 1.");

    /// <inheritdoc/>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => part.SamePlace(input, output);

    /// <summary>What decides, together with its index, whether an element is kept.</summary>
    internal static uint Key(int seed, string node, uint step) => StepKey(NodeKey(seed, node), step);

    /// <summary>The part of the key that no step changes.</summary>
    internal static uint NodeKey(int seed, string node)
    {
        uint name = 2166136261;
        foreach (char letter in node)
            name = (name ^ letter) * 16777619;
        return Hash((uint)seed) ^ name;
    }

    /// <summary>The key of one step.</summary>
    internal static uint StepKey(uint nodeKey, uint step) => Hash(nodeKey ^ Hash(step));

    /// <summary>The PCG hash of one number.</summary>
    internal static uint Hash(uint x)
    {
        uint state = (x * 747796405u) + 2891336453u;
        uint word = ((state >> (int)((state >> 28) + 4)) ^ state) * 277803737u;
        return (word >> 22) ^ word;
    }
}
