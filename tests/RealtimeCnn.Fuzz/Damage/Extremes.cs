namespace RealtimeCnn.Fuzz.Damage;

/// <summary>Numbers at which arithmetic goes wrong.</summary>
internal static class Extremes
{
    private static readonly long[] Wholes =
    [
        0, 1, -1, 2, -2, 3, 7, 64, 255, 65_535, 65_536, 46_341, 1 << 20, 1 << 28, int.MaxValue, int.MaxValue - 1, int.MinValue, int.MinValue + 1,
        1L << 31, (1L << 32) - 1, 1L << 32, (1L << 32) + 1, (1L << 33) + 3, 1L << 62, long.MaxValue, long.MaxValue - 1, long.MinValue, long.MinValue + 1,
    ];

    private static readonly float[] Reals = [0, -0f, 1, -1, 1e-30f, 1e30f, -1e30f, float.Epsilon, float.MaxValue, float.MinValue, float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    public static long Any(Random random) => Wholes[random.Next(Wholes.Length)];

    public static float AnyReal(Random random) => Reals[random.Next(Reals.Length)];
}
