using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>A function of two numbers. Truth is 1, falsehood 0; any number but 0 counts as true.</summary>
/// <remarks>The numbers are those of <c>shaders/layers/binary.comp</c>.</remarks>
public enum BinaryFunction
{
    /// <summary><c>a + b</c>.</summary>
    Add = 0,

    /// <summary><c>a − b</c>.</summary>
    Subtract = 1,

    /// <summary><c>a · b</c>.</summary>
    Multiply = 2,

    /// <summary><c>a / b</c>.</summary>
    Divide = 3,

    /// <summary><c>a^b</c>.</summary>
    Power = 4,

    /// <summary><c>min(a, b)</c>.</summary>
    Minimum = 5,

    /// <summary><c>max(a, b)</c>.</summary>
    Maximum = 6,

    /// <summary><c>a − b·floor(a / b)</c>: the sign is that of b.</summary>
    Remainder = 7,

    /// <summary><c>a − b·trunc(a / b)</c>: the sign is that of a.</summary>
    TruncatedRemainder = 8,

    /// <summary><c>a = b</c>.</summary>
    Equal = 9,

    /// <summary><c>a &gt; b</c>.</summary>
    Greater = 10,

    /// <summary><c>a ≥ b</c>.</summary>
    GreaterOrEqual = 11,

    /// <summary><c>a &lt; b</c>.</summary>
    Less = 12,

    /// <summary><c>a ≤ b</c>.</summary>
    LessOrEqual = 13,

    /// <summary>Both are true.</summary>
    And = 14,

    /// <summary>At least one is true.</summary>
    Or = 15,

    /// <summary>Exactly one is true.</summary>
    Xor = 16,
}

/// <summary>
/// A layer that applies one <see cref="BinaryFunction"/> to each pair of elements: <c>y[i] = f(a[i], b[i])</c>. Shapes that
/// differ broadcast as in numpy: they are aligned at the last axis, and an axis of extent 1 repeats.
/// </summary>
/// <param name="Function">The function.</param>
/// <remarks>
/// In channel-blocked memory it works on operands of the output's shape, one value for each channel (<c>[C, 1, 1]</c>), for each
/// channel of each batch item (<c>[N, C, 1, 1]</c>), for each pixel (<c>[N, 1, H, W]</c>), or one for all.
/// </remarks>
public abstract record BinaryLayer(BinaryFunction Function) : Layer
{
    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (2, 2);

    internal override bool HasSlopes(int input) => Function < BinaryFunction.Equal;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => Broadcasting.Common(inputs);

    /// <inheritdoc/>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => part.SamePlace(input, output);

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => (Function is BinaryFunction.Power or BinaryFunction.Remainder or BinaryFunction.TruncatedRemainder ? 32L : 3) * output.Count;
}
