namespace RealtimeCnn.Fuzz.Running;

/// <summary>How much to run.</summary>
/// <param name="First">First seed.</param>
/// <param name="Gpu">Whether to run on the GPU as well.</param>
/// <param name="Guard">Whether memory lies between guard pages.</param>
/// <param name="Corpus">Folder of files to damage; null for drawn ones alone.</param>
internal sealed record FuzzSessionOptions(int First, bool Gpu = false, bool Guard = false, string? Corpus = null)
{
    /// <summary>How many seeds.</summary>
    public int Count { get; init; } = int.MaxValue;

    /// <summary>When to stop.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.MaxValue;

    /// <summary>Children at a time.</summary>
    public int Jobs { get; init; } = 1;

    /// <summary>Processor time after which a case counts as hanging.</summary>
    public TimeSpan MostProcessorTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The child's assembly and what to tell it first.</summary>
    public string[] Child { get; init; } = [typeof(FuzzSession).Assembly.Location];
}

/// <summary>Runs seeds in child processes, one batch after the other; after a crash the next child goes on behind the seed that caused it.</summary>
internal sealed class FuzzSession(FuzzSessionOptions options, Action<Finding> onFinding)
{
    // Enough to make up for the start of a process, few enough that what a child collects over time does not matter.
    private const int Batch = 400;

    private readonly Lock _lock = new();
    private long _next = options.First;

    /// <summary>How each case ended, by its seed; those that ended the process are missing.</summary>
    public Dictionary<int, ChildLine> Outcomes { get; } = [];

    /// <summary>Everything that went wrong.</summary>
    public List<Finding> Findings { get; } = [];

    public void Run()
    {
        using var time = new CancellationTokenSource();
        if (options.Time < TimeSpan.FromDays(20))
            time.CancelAfter(options.Time);
        Thread[] workers = [.. Enumerable.Range(0, options.Jobs).Select(_ => new Thread(() => Work(time.Token)))];
        foreach (var worker in workers)
            worker.Start();
        foreach (var worker in workers)
            worker.Join();
    }

    private void Work(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested && TakeBatch() is { Count: > 0 } batch)
        {
            for (int from = batch.From, end = batch.From + batch.Count; from < end && !cancellation.IsCancellationRequested;)
            {
                var rest = new ChildOptions(from, end - from, options.Gpu, options.Guard, options.Corpus);
                var child = new ChildProcess(options.Child[0], [.. options.Child[1..], .. rest.Arguments]) { MostProcessorTime = options.MostProcessorTime };
                child.Run(End, Report, cancellation);
                if (child.Next is not { } next)
                    return; // No case was reached, and none will be; the finding says why.
                from = next;
            }
        }
    }

    private (int From, int Count) TakeBatch()
    {
        lock (_lock)
        {
            long from = _next, end = Math.Min(Math.Min(from + Batch, (long)options.First + options.Count), int.MaxValue);
            _next = end;
            return ((int)from, (int)(end - from));
        }
    }

    private void End(int seed, ChildLine outcome)
    {
        lock (_lock)
            Outcomes[seed] = outcome;
    }

    private void Report(Finding finding)
    {
        lock (_lock)
        {
            Findings.Add(finding);
            onFinding(finding);
        }
    }
}
