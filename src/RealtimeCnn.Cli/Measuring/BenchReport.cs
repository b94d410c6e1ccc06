using System.Text.Json.Serialization;

namespace RealtimeCnn.Cli.Measuring;

/// <summary>What was measured of a model on one number of threads, by the names that the JSON has.</summary>
internal sealed record BenchReport
{
    public string Model { get; init; } = string.Empty;

    public required int[][] Inputs { get; init; }

    public string Backend { get; init; } = string.Empty;

    public int Threads { get; init; }

    public required int Runs { get; init; }

    public required double MedianMs { get; init; }

    public required double MinMs { get; init; }

    public required double P95Ms { get; init; }

    /// <summary>Processor time of all threads, a run's mean.</summary>
    public required double CpuMs { get; init; }

    /// <summary>The same of the run that took least of it.</summary>
    public required double MinCpuMs { get; init; }

    public double LoadMs { get; init; }

    /// <summary>From the network to its first result: what it makes once, and a run.</summary>
    public required double FirstRunMs { get; init; }

    /// <summary>The longest unit of what it makes once, which is what a frame of a running loop waits for at most while a network is swapped.</summary>
    public required double LongestSliceMs { get; init; }

    /// <summary>Processor time of all threads from opening the file to the first result; for the first of several numbers of threads alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? StartCpuMs { get; init; }

    /// <summary>Programs that the driver compiled for this start; null where there is no device.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ProgramsCompiled { get; init; }

    /// <summary>Programs that an earlier start had compiled; null where there is no device.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ProgramsLoaded { get; init; }

    public required long PeakBytes { get; init; }

    public required int GpuNodes { get; init; }

    public required int CpuNodes { get; init; }

    public required IReadOnlyList<string> CpuOps { get; init; }

    /// <summary>The most that the CPU computes on these threads; only with the steps, and only where the CPU computes all of them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PeakGflops { get; init; }

    /// <summary>The steps of the plan, where they were asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<BenchStep>? Layers { get; init; }
}

/// <summary>One step of a plan.</summary>
/// <param name="Nodes">What it computes.</param>
/// <param name="Backend"><c>cpu</c> or <c>gpu</c>.</param>
/// <param name="Kernel">Layer and name of the kernel.</param>
/// <param name="Reason">Why this one.</param>
/// <param name="Output">Shape of the result.</param>
/// <param name="Macs">Multiply-accumulates; 0 for layers that do no such work.</param>
/// <param name="Bytes">Of all that it reads and writes, each once.</param>
/// <param name="Dispatches">Jobs, one after the other.</param>
/// <param name="MinMs">Least duration of all runs; null where no run could be timed.</param>
/// <param name="Share">Part of the sum of all steps, from 0 to 1.</param>
internal sealed record BenchStep(
    IReadOnlyList<string> Nodes, string Backend, string Kernel, string Reason, int[] Output, long Macs, long Bytes, int Dispatches, double? MinMs, double? Share)
{
    /// <summary>The kernels before this one, and what each lacked.</summary>
    public IReadOnlyList<string> PassedOver { get; init; } = [];

    /// <summary>10⁹ operations a second, two for each multiply-accumulate; null without such work.</summary>
    public double? Gflops => MinMs > 0 && Macs > 0 ? 2 * Macs / (MinMs * 1e6) : null;

    /// <summary>10⁹ bytes a second.</summary>
    public double? GigabytesPerSecond => MinMs > 0 ? Bytes / (MinMs * 1e6) : null;

    /// <summary>The steps of a run with the least times of several.</summary>
    /// <param name="runs">Profiles of the same plan; at least one.</param>
    public static BenchStep[] LeastOf(IReadOnlyList<IReadOnlyList<StepTime>> runs)
    {
        // A time that cannot be true is not a number, and no least one where there is another.
        double[] least = [.. runs[0].Select((_, i) => runs.Select(steps => steps[i].Milliseconds).Aggregate(double.MinNumber))];
        double sum = least.Where(double.IsFinite).Sum();
        return [.. runs[0].Zip(least, (step, milliseconds) =>
        {
            double? known = double.IsNaN(milliseconds) ? null : milliseconds;
            return new BenchStep(
                step.Nodes, step.Backend, step.Kernel, step.Reason, step.Output.ToArray(), step.MultiplyAccumulates, step.Bytes, step.Dispatches, known,
                sum > 0 ? known / sum : null) { PassedOver = step.PassedOver };
        })];
    }
}
