using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.Tests.OpenGL.Kernels;

public class IndexDivisorTests
{
    [Fact]
    public void Quotients_are_those_of_a_division()
    {
        var random = new Random(1);
        int[] divisors = [1, 2, 3, 5, 7, 11, 49, 64, 65, 1000, 12544, (1 << 30) - 1, 1 << 30, (1 << 30) + 1, int.MaxValue - 1, int.MaxValue, .. Enumerable.Range(0, 200).Select(_ => random.Next(1, 1 << random.Next(1, 31)))];
        foreach (int divisor in divisors)
        {
            var by = IndexDivisor.By(divisor);
            int[] around = [.. Enumerable.Range(0, 40).Select(_ => random.Next(int.MaxValue / divisor) * divisor)];
            foreach (int index in (int[])[0, 1, divisor - 1, divisor, int.MaxValue - 1, int.MaxValue, .. around, .. around.Select(multiple => Math.Max(multiple - 1, 0))])
                Assert.True(index / divisor == by.Quotient(index), $"{index} / {divisor} became {by.Quotient(index)}.");
        }
    }

    [Fact]
    public void No_index_is_negative() => Assert.Throws<ArgumentOutOfRangeException>(() => IndexDivisor.By(-1));
}
