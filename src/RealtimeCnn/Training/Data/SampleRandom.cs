namespace RealtimeCnn.Training.Data;

/// <summary>Chance of one sample in one epoch: a generator that follows from three numbers alone, so that no order and no thread changes it.</summary>
/// <remarks>Source: Steele, Lea and Flood 2014, "Fast Splittable Pseudorandom Number Generators" (SplitMix64).</remarks>
internal struct SampleRandom
{
    private const ulong Golden = 0x9e3779b97f4a7c15;
    private ulong _state;

    public SampleRandom(int seed, int epoch, int sample)
    {
        _state = Mix(((ulong)(uint)seed << 32) | (uint)epoch);
        _state = Mix(_state + (Golden * (uint)sample));
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Next() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [−1, 1).</summary>
    public double NextSigned() => (2 * Next()) - 1;

    /// <summary>Uniform from 0 to <paramref name="end"/> − 1.</summary>
    public int Next(int end) => (int)(Next() * end);

    /// <summary>Normal with mean 0 and deviation 1, by Box and Muller 1958.</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - Next())) * Math.Cos(2 * Math.PI * Next());

    /// <summary>From 0 to 1 by the distribution Beta(α, α), which prefers the ends below α = 1 and the middle above it.</summary>
    /// <remarks>Source: Jöhnk 1964, "Erzeugung von betaverteilten und gammaverteilten Zufallszahlen"; for small α.</remarks>
    public double NextBeta(double alpha)
    {
        while (true)
        {
            double u = Math.Pow(Next(), 1 / alpha), v = Math.Pow(Next(), 1 / alpha);
            if (u + v is > 0 and <= 1)
                return u / (u + v);
        }
    }

    /// <summary>Puts elements into any order, each equally likely.</summary>
    public void Shuffle(Span<int> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int other = Next(i + 1);
            (values[i], values[other]) = (values[other], values[i]);
        }
    }

    /// <summary>64 bits, each 0 or 1 by itself.</summary>
    public ulong NextBits() => Mix(_state += Golden);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
