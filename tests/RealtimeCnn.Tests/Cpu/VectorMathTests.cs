using System.Runtime.Intrinsics;
using RealtimeCnn.Cpu;

namespace RealtimeCnn.Tests.Cpu;

public class VectorMathTests
{
    [Fact]
    public void The_exponential_is_within_its_bound_of_units_in_the_last_place_down_to_the_subnormal_numbers()
    {
        for (double step = -103.9; step < 88.72; step += 0.00173)
        {
            float x = (float)step;
            double expected = Math.Exp(x), unit = MathF.BitIncrement((float)expected) - (double)(float)expected;
            Assert.InRange(Math.Abs(VectorMath.Exp(Vector512.Create(x))[0] - expected) / unit, 0, 1.1);
        }
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(88.73f, float.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(-104f, 0f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(float.NaN, float.NaN)]
    public void The_exponential_has_the_values_of_IEEE_754_at_its_ends(float x, float expected) => Assert.Equal(expected, VectorMath.Exp(Vector512.Create(x))[0]);
}
