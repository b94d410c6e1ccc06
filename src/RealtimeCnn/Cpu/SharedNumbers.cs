namespace RealtimeCnn.Cpu;

/// <summary>
/// Numbers that threads share without locks. Every change is atomic and a full fence and every read an acquire, so that all threads
/// see all changes in one order: a test that explores every interleaving of these calls explores all that a processor can do.
/// </summary>
internal interface ISharedNumbers
{
    /// <summary>The number as it is now.</summary>
    long Read(int index);

    /// <summary>Adds, and gives the sum.</summary>
    long Add(int index, long amount);

    /// <summary>Writes a number where it is still the expected one; says whether it was.</summary>
    bool TryReplace(int index, long expected, long value);
}

/// <summary>Such numbers in memory, all 0 at first, each on cache lines of its own: those who wait for one do not slow down who changes another.</summary>
/// <param name="count">How many.</param>
internal readonly struct SharedNumbers(int count) : ISharedNumbers
{
    // Two lines of 64 bytes, because processors fetch them in pairs.
    private const int Stride = 16;

    private readonly long[] _memory = new long[(count + 1) * Stride];

    public long Read(int index) => Volatile.Read(ref _memory[(index + 1) * Stride]);

    public long Add(int index, long amount) => Interlocked.Add(ref _memory[(index + 1) * Stride], amount);

    public bool TryReplace(int index, long expected, long value) => Interlocked.CompareExchange(ref _memory[(index + 1) * Stride], value, expected) == expected;
}
