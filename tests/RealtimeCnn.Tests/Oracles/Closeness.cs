using RealtimeCnn.SelfTests.Oracles;
using Xunit.Sdk;

namespace RealtimeCnn.Tests.Oracles;

/// <summary>Comparison with an oracle by <see cref="TensorDifference"/>. A NaN that the oracle does not have fails.</summary>
internal static class Closeness
{
    /// <summary>Fails with the worst element's coordinates when the error exceeds the tolerance; tolerance 0 means equal to the last bit.</summary>
    public static void Assert(DoubleTensor expected, Tensor actual, double tolerance, string what)
    {
        Xunit.Assert.True(expected.Shape == actual.Shape, $"{what}: shape is {actual.Shape}, expected {expected.Shape}");
        var difference = TensorDifference.Between<double>(expected.Shape, expected.Values, actual.Span);
        if (!(difference.RelativeL2 <= tolerance))
        {
            throw new XunitException(
                $"{what}: relative L2 error {difference.RelativeL2:E2} exceeds {tolerance:E1}; worst at ({string.Join(", ", difference.At)}): got {difference.Actual:R}, expected {difference.Expected:R}");
        }
    }
}
