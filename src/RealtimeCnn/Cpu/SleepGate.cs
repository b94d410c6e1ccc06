namespace RealtimeCnn.Cpu;

/// <summary>
/// How threads sleep without missing what they wait for: who wants to sleep says so and looks once more; who brings something new
/// makes it visible first and looks for sleepers then. So one of both sees the other.
/// </summary>
/// <param name="numbers">As many as <see cref="CountNumbers"/> says.</param>
internal readonly struct SleepGate<TNumbers>(TNumbers numbers)
    where TNumbers : struct, ISharedNumbers
{
    private const int Runs = 0;

    /// <summary>Numbers that some participants need.</summary>
    public static int CountNumbers(int participants) => 1 + participants;

    /// <summary>The number of the last run, of all programs.</summary>
    public long LatestRun => numbers.Read(Runs);

    /// <summary>Tells helpers that a run has begun.</summary>
    public void PublishRun() => numbers.Add(Runs, 1);

    /// <summary>Says that a participant sleeps, before it looks for the last time.</summary>
    public void Announce(int participant) => numbers.Add(1 + participant, 1);

    /// <summary>Says that it does not sleep after all; false where it must wait for a signal, because it is somebody's to wake.</summary>
    public bool TryWithdraw(int participant) => TryWake(participant);

    /// <summary>Whether a participant sleeps and is the caller's to wake: by one signal, now.</summary>
    public bool TryWake(int participant) => numbers.Read(1 + participant) == 1 && numbers.TryReplace(1 + participant, 1, 0);
}
