using Xunit.Sdk;

namespace RealtimeCnn.Tests.Oracles;

/// <summary>Comparison by relative L2 error: <c>‖actual − expected‖ / ‖expected‖</c>. A NaN that the oracle does not have fails.</summary>
public static class Closeness
{
    /// <summary>Fails with the worst element's coordinates when the error exceeds the tolerance; tolerance 0 means equal to the last bit.</summary>
    public static void Assert(DoubleTensor expected, Tensor actual, double tolerance, string what)
    {
        Xunit.Assert.True(expected.Shape == actual.Shape, $"{what}: shape is {actual.Shape}, expected {expected.Shape}");
        double error = 0, power = 0, worst = -1;
        int worstAt = 0;
        for (int i = 0; i < expected.Values.Length; i++)
        {
            double want = expected[i], got = actual.Span[i];
            double difference = want.Equals(got) || (double.IsNaN(want) && double.IsNaN(got)) ? 0 : Math.Abs(got - want);
            if (double.IsNaN(difference))
                throw new XunitException($"{what}: element {expected.Coordinates(i)} is {got:R}, expected {want:R}");
            if (difference > worst)
                (worst, worstAt) = (difference, i);
            error += difference * difference;
            power += double.IsFinite(want) ? want * want : 0;
        }

        double relative = error == 0 ? 0 : Math.Sqrt(error / Math.Max(power, 1e-30));
        if (!(relative <= tolerance))
        {
            throw new XunitException(
                $"{what}: relative L2 error {relative:E2} exceeds {tolerance:E1}; worst at {expected.Coordinates(worstAt)}: got {actual.Span[worstAt]:R}, expected {expected[worstAt]:R}");
        }
    }
}
