using System.Numerics;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// How a shader divides an index by a number that is known when a dispatch is planned (<c>include/division.glsl</c>): an
/// <c>ivec2</c> of its block <c>Params</c>, which begins at a multiple of 8 bytes.
/// </summary>
/// <remarks>
/// <c>i / d = (2 i × multiplier) / 2^(32 + shift)</c> for <c>0 ≤ i &lt; 2^31</c>, with 2^shift the power of two not below d and the
/// multiplier 2^(31 + shift) / d rounded up. Source: Granlund and Montgomery 1994, "Division by Invariant Integers using Multiplication", section 4.
/// </remarks>
internal readonly record struct IndexDivisor(int Multiplier, int Shift)
{
    /// <summary>Divides by <paramref name="number"/>. Where that is 0, of a tensor without elements, there is no index to divide.</summary>
    public static IndexDivisor By(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        if (number == 0)
            return default;
        int shift = BitOperations.Log2((uint)number) + (BitOperations.IsPow2(number) ? 0 : 1);
        ulong power = 1UL << (31 + shift);
        return new IndexDivisor((int)(uint)((power + (ulong)number - 1) / (ulong)number), shift);
    }

    /// <summary>What the shader computes.</summary>
    public int Quotient(int index) => (int)((((ulong)(uint)index << 1) * (uint)Multiplier) >> (32 + Shift));
}
