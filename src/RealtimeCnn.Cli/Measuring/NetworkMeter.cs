using System.Diagnostics;
using RealtimeCnn.Cli.Models;

namespace RealtimeCnn.Cli.Measuring;

/// <summary>Times the runs of a network on inputs of zeros.</summary>
/// <param name="network">What runs.</param>
/// <param name="shapes">Shapes of its inputs.</param>
internal sealed class NetworkMeter(INetwork network, IReadOnlyList<Shape> shapes) : IDisposable
{
    // Long enough for the runtime to have compiled what runs often with all its optimisations.
    private static readonly TimeSpan WarmupLength = TimeSpan.FromSeconds(1);
    private const int LeastWarmups = 5;

    // The system learns some milliseconds late what other threads have used, so that a short run by itself may seem to take too little.
    private static readonly TimeSpan BlockLength = TimeSpan.FromMilliseconds(100);

    private readonly Tensor[] _inputs = [.. shapes.Select(shape => new Tensor(shape))];

    /// <summary>Processor time of the process when the first run was over.</summary>
    public TimeSpan CpuAfterFirst { get; private set; }

    /// <summary>Runs it some times, in one row, the first run apart.</summary>
    /// <param name="warmup">Runs before the measured ones; null for as many as take a second, at least five.</param>
    /// <param name="runs">Measured runs; at least 1.</param>
    /// <param name="cancellation">Ends the measurement between two runs.</param>
    public BenchReport Measure(int? warmup, int runs, CancellationToken cancellation)
    {
        long begin = Stopwatch.GetTimestamp();
        double longest = Build(cancellation);
        MeasureRun();
        double first = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        CpuAfterFirst = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; warmup is { } count ? i < count : i < LeastWarmups || Stopwatch.GetElapsedTime(start) < WarmupLength; i++)
            MeasureRun();
        double[] times = new double[runs];
        using var process = Process.GetCurrentProcess();
        var cpuBefore = Environment.CpuUsage.TotalTime;
        var (blockCpu, blockStart, blockRuns, leastCpu) = (cpuBefore, Stopwatch.GetTimestamp(), 0, double.PositiveInfinity);
        for (int i = 0; i < runs; i++)
        {
            times[i] = MeasureRun();
            blockRuns++;
            if (Stopwatch.GetElapsedTime(blockStart) < BlockLength)
                continue;
            var now = Environment.CpuUsage.TotalTime;
            leastCpu = Math.Min(leastCpu, (now - blockCpu).TotalMilliseconds / blockRuns);
            (blockCpu, blockStart, blockRuns) = (now, Stopwatch.GetTimestamp(), 0);
        }

        double cpu = (Environment.CpuUsage.TotalTime - cpuBefore).TotalMilliseconds / runs;

        process.Refresh();
        var places = NodePlaces.Of(network);
        Array.Sort(times);
        return new BenchReport
        {
            Inputs = [.. shapes.Select(shape => shape.ToArray())],
            Runs = runs,
            MedianMs = (times[(runs - 1) / 2] + times[runs / 2]) / 2,
            MinMs = times[0],
            P95Ms = times[(int)Math.Ceiling(0.95 * runs) - 1],
            CpuMs = cpu,
            MinCpuMs = Math.Min(cpu, leastCpu),
            FirstRunMs = first,
            LongestSliceMs = longest,
            PeakBytes = process.PeakWorkingSet64,
            GpuNodes = places.GpuNodes,
            CpuNodes = places.CpuNodes,
            CpuOps = places.CpuOps,
        };

        // A run that can be cancelled is a little slower on the GPU: only between runs is it asked.
        double MeasureRun()
        {
            cancellation.ThrowIfCancellationRequested();
            long before = Stopwatch.GetTimestamp();
            network.Run(_inputs, CancellationToken.None);
            return Stopwatch.GetElapsedTime(before).TotalMilliseconds;
        }
    }

    /// <summary>Makes the plan as a live loop does, unit by unit.</summary>
    /// <returns>Milliseconds of the longest unit.</returns>
    private double Build(CancellationToken cancellation)
    {
        double longest = 0;
        using var build = network.Prepare([.. shapes]);
        for (bool isDone = false; !isDone;)
        {
            cancellation.ThrowIfCancellationRequested();
            long before = Stopwatch.GetTimestamp();
            isDone = build.Advance(TimeSpan.Zero);
            longest = Math.Max(longest, Stopwatch.GetElapsedTime(before).TotalMilliseconds);
        }

        return longest;
    }

    /// <summary>Runs it some times step by step.</summary>
    /// <param name="runs">Measured runs, after one that is not; at least 1.</param>
    /// <param name="cancellation">Ends the measurement between two steps.</param>
    public BenchStep[] MeasureSteps(int runs, CancellationToken cancellation)
    {
        network.Profile(_inputs, cancellation);
        return BenchStep.LeastOf([.. Enumerable.Range(0, runs).Select(_ => network.Profile(_inputs, cancellation).Steps)]);
    }

    public void Dispose()
    {
        foreach (var input in _inputs)
            input.Dispose();
    }
}
