namespace RealtimeCnn.Layers;

/// <summary>
/// Sets elements to zero at random in training and scales the others so that the expectation stays:
/// <c>y[i] = keep(i) ? x[i] / (1 − Rate) : 0</c>. At inference <c>y = x</c>, at no cost. Shapes: any → the same.
/// </summary>
/// <param name="Rate">Probability that an element becomes zero, in [0, 1).</param>
/// <remarks>
/// keep(i) is a function of <see cref="Seed"/> and the row-major index alone: <c>hash(i XOR hash(Seed)) ≥ Rate · 2^32</c> with the
/// PCG hash of Jarzynski and Olano 2020, "Hash Functions for GPU Rendering"; every backend and thread count drops the same
/// elements. Source: Srivastava et al. 2014, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting"; ONNX Dropout.
/// </remarks>
public sealed record Dropout(float Rate = 0.5f) : Layer
{
    /// <summary>Whether elements are dropped; false at inference.</summary>
    public bool IsTraining { get; init; }

    /// <summary>Chooses the elements.</summary>
    public int Seed { get; init; }

    /// <summary>Elements are kept where their hash is at least this.</summary>
    internal uint Threshold => (uint)Math.Min(Rate * 4294967296.0, uint.MaxValue);

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => Rate is >= 0 and < 1
        ? inputs[0]
        : throw new ShapeException($"rate {Rate} is not possible: it is at least 0 and below 1.");

    /// <summary>The PCG hash of one number.</summary>
    internal static uint Hash(uint x)
    {
        uint state = (x * 747796405u) + 2891336453u;
        uint word = ((state >> (int)((state >> 28) + 4)) ^ state) * 277803737u;
        return (word >> 22) ^ word;
    }
}
