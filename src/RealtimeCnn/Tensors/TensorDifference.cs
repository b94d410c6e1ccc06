using System.Numerics;

namespace RealtimeCnn;

/// <summary>
/// How far a tensor is from what it should be: the one measure of errors, of tests, self tests and comparisons alike
/// (docs/numerics.md). Elements that are both NaN, or the same infinity, are equal; where only one is, the difference is infinite.
/// </summary>
/// <param name="ErrorNorm"><c>‖actual − expected‖ = sqrt(Σ(actual − expected)²)</c>.</param>
/// <param name="ExpectedNorm"><c>‖expected‖</c>, over what is finite.</param>
/// <param name="MaxAbsolute">Largest absolute difference of two elements.</param>
/// <param name="At">Coordinates of that element, slowest axis first; none where there is no element.</param>
/// <param name="Expected">What it should be.</param>
/// <param name="Actual">What it is.</param>
public sealed record TensorDifference(double ErrorNorm, double ExpectedNorm, double MaxAbsolute, IReadOnlyList<int> At, float Expected, float Actual)
{
    /// <summary>No difference at all.</summary>
    internal static TensorDifference None { get; } = new(0, 0, 0, [], 0, 0);

    /// <summary><c>‖actual − expected‖ / ‖expected‖</c>; where all that is expected is zero, there is nothing to be relative to, and it is the error itself.</summary>
    public double RelativeL2 => ErrorNorm == 0 ? 0 : ExpectedNorm == 0 ? ErrorNorm : ErrorNorm / ExpectedNorm;

    /// <summary>Compares two tensors of one shape.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static TensorDifference Between(Tensor expected, Tensor actual)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(actual);
        return expected.Shape == actual.Shape
            ? Between<float>(expected.Shape, expected.Span, actual.Span)
            : throw new ShapeException($"Only tensors of one shape can be compared; these are {expected.Shape} and {actual.Shape}.");
    }

    /// <summary>Compares with what may be more exact than float32: the float nearest to it counts as equal.</summary>
    internal static TensorDifference Between<T>(Shape shape, ReadOnlySpan<T> expected, ReadOnlySpan<float> actual)
        where T : unmanaged, INumber<T>
    {
        if (expected.IsEmpty)
            return None;
        double error = 0, power = 0, worst = -1;
        int worstAt = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double wanted = double.CreateTruncating(expected[i]), difference = ((float)wanted).Equals(actual[i]) ? 0 : Math.Abs(actual[i] - wanted);
            if (!double.IsFinite(difference))
                difference = double.PositiveInfinity;
            if (difference > worst)
                (worst, worstAt) = (difference, i);
            error += difference * difference;
            power += float.IsFinite((float)wanted) ? wanted * wanted : 0;
        }

        return new TensorDifference(Math.Sqrt(error), Math.Sqrt(power), worst, shape.CoordinatesOf(worstAt), float.CreateTruncating(expected[worstAt]), actual[worstAt]);
    }
}
