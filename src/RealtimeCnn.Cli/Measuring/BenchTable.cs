using System.Globalization;
using RealtimeCnn.Cli.Models;

namespace RealtimeCnn.Cli.Measuring;

/// <summary>Measurements as people read them.</summary>
internal static class BenchTable
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Writes a block of lines for each number of threads, and behind them the steps, a column for each number.</summary>
    public static void Write(IReadOnlyList<BenchReport> reports, TextWriter output)
    {
        foreach (var report in reports)
        {
            if (report != reports[0])
                output.WriteLine();
            WriteRuns(report, output);
        }

        // The plan may depend on the number of threads: then each has a table of its own.
        foreach (var table in reports.Where(report => report.Layers != null).GroupBy(report => string.Join('\n', report.Layers!.Select(step => $"{step.Kernel} {step.Nodes[^1]}"))))
        {
            output.WriteLine();
            WriteSteps([.. table], output);
        }
    }

    private static void WriteRuns(BenchReport report, TextWriter output)
    {
        Row("model", $"{report.Model}, {string.Join(", ", report.Inputs.Select(input => new Shape(input)))}");
        Row("backend", report.Backend == "gpu" ? "gpu" : $"{report.Backend}, {Threads(report)}");
        Row("run", string.Create(Culture, $"{report.MedianMs:0.00} ms median of {report.Runs}, {report.MinMs:0.00} least, {report.P95Ms:0.00} at 95 %"));
        Row("processor", string.Create(Culture, $"{report.CpuMs:0.00} ms a run, {report.MinCpuMs:0.00} least"));
        Row("start", string.Create(Culture, $"{report.LoadMs:0} ms to load, {report.FirstRunMs:0} ms the first run, in slices of at most {report.LongestSliceMs:0.0}") + (report.StartCpuMs is { } cpu ? string.Create(Culture, $"; {cpu:0} ms of processor time") : ""));
        if (report.ProgramsCompiled is { } compiled)
            Row("programs", $"{compiled} compiled, {report.ProgramsLoaded} from an earlier start");
        Row("memory", string.Create(Culture, $"{report.PeakBytes / 1048576.0:0} MiB at the peak"));
        Row("nodes", new NodePlaces(report.GpuNodes, report.CpuNodes, report.CpuOps).Describe(report.Backend));
        if (report.PeakGflops is { } peak)
            Row("peak", string.Create(Culture, $"{peak:0.0} GFLOP/s, multiply-adds on registers, {Threads(report)}"));

        void Row(string name, string value) => output.WriteLine($"{name,-9}  {value}");
    }

    private static void WriteSteps(BenchReport[] reports, TextWriter output)
    {
        const int Words = 4;
        bool onGpu = reports[0].Layers!.Any(step => step.Backend == "gpu");
        List<string[]> rows =
        [
            [
                "step", "output", "kernel", "why", .. onGpu ? new[] { "on", "dispatches", "MB" } : [],
                .. reports.SelectMany(report => new[] { reports.Length == 1 ? "ms" : $"ms, {Threads(report)}", "GFLOP/s", "GB/s", "share" }),
            ],
        ];
        for (int i = 0; i < reports[0].Layers!.Count; i++)
        {
            var step = reports[0].Layers![i];
            rows.Add(
            [
                string.Join(" + ", step.Nodes), new Shape(step.Output).ToString(), step.Kernel, step.Reason, .. onGpu ? new[] { step.Backend, step.Dispatches.ToString(Culture), Megabytes(step) } : [],
                .. reports.SelectMany(report => Numbers(report.Layers![i])),
            ]);
        }

        rows.Add(
        [
            "sum", "", "", "", .. onGpu ? new[] { "", reports[0].Layers!.Sum(step => step.Dispatches).ToString(Culture), Megabytes(Sum(reports[0].Layers!)) } : [],
            .. reports.SelectMany(report => Numbers(Sum(report.Layers!))),
        ]);

        int[] widths = [.. rows[0].Select((_, column) => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            // Words start at the left of their column, numbers end at the right.
            var cells = row.Select((cell, column) => column < Words ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }

    private static BenchStep Sum(IReadOnlyList<BenchStep> steps) => new(
        [], "", "", "", [], steps.Sum(step => step.Macs), steps.Sum(step => step.Bytes), 0, steps.Sum(step => step.MinMs ?? 0), steps.Sum(step => step.Share ?? 0));

    private static string Megabytes(BenchStep step) => (step.Bytes / 1e6).ToString("0.00", Culture);

    private static string[] Numbers(BenchStep step) =>
    [
        step.MinMs is { } ms ? ms.ToString("0.0000", Culture) : "?",
        step.Gflops is { } gflops ? gflops.ToString("0.0", Culture) : "",
        step.GigabytesPerSecond is { } rate ? rate.ToString("0.0", Culture) : "",
        step.Share is { } share ? string.Create(Culture, $"{100 * share:0.0} %") : "",
    ];

    private static string Threads(BenchReport report) => report.Threads == 1 ? "1 thread" : $"{report.Threads} threads";
}
