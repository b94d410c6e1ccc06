namespace RealtimeCnn.Cpu;

/// <summary>
/// How helpers hear of news, and sleep in between without missing any: a helper says that it sleeps and looks for news once more;
/// who brings news publishes it first and looks for sleepers then. So one of both sees the other.
/// </summary>
/// <param name="numbers">As many as <see cref="CountNumbers"/> says.</param>
internal readonly struct HelperGate<TNumbers>(TNumbers numbers)
    where TNumbers : struct, ISharedNumbers
{
    private const int News = 0;

    /// <summary>Numbers that some helpers need.</summary>
    public static int CountNumbers(int helpers) => 1 + helpers;

    /// <summary>The number of the last news.</summary>
    public long Latest => numbers.Read(News);

    /// <summary>Tells all helpers that something is new. Those that sleep are told by <see cref="TryWake"/>, one by one.</summary>
    public void Publish() => numbers.Add(News, 1);

    /// <summary>Whether a helper slept and is the caller's to wake: by one signal, now.</summary>
    public bool TryWake(int helper) => numbers.Read(1 + helper) == 1 && numbers.TryReplace(1 + helper, 1, 0);

    /// <summary>Says that a helper sleeps.</summary>
    /// <param name="helper">Its number.</param>
    /// <param name="seen">The last news that it has seen.</param>
    /// <returns>Whether it must wait for a signal: one comes, because it is somebody's to wake. False where there is news.</returns>
    public bool TrySleep(int helper, long seen)
    {
        numbers.Add(1 + helper, 1);
        return numbers.Read(News) == seen || !numbers.TryReplace(1 + helper, 1, 0);
    }
}
