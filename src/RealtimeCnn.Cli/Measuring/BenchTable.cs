using System.Globalization;
using RealtimeCnn.Cli.Models;

namespace RealtimeCnn.Cli.Measuring;

/// <summary>Measurements as people read them.</summary>
internal static class BenchTable
{
    // Of a table with one column of times, in characters; with more it is as wide as it has to be.
    private const int Width = 120, Gap = 2, WidestKernel = 22, NarrowestStep = 16;

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Writes a block of lines for each number of threads, and behind them the steps, a column for each number.</summary>
    /// <param name="reports">What was measured.</param>
    /// <param name="reasons">Whether each step is followed by its kernel's full name and those that were passed over.</param>
    /// <param name="output">Where to.</param>
    public static void Write(IReadOnlyList<BenchReport> reports, bool reasons, TextWriter output)
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
            WriteSteps([.. table], reasons, output);
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

    private static void WriteSteps(BenchReport[] reports, bool reasons, TextWriter output)
    {
        const int Words = 4;
        var steps = reports[0].Layers!;
        bool onGpu = steps.Any(step => step.Backend == "gpu"), onBoth = onGpu && steps.Any(step => step.Backend != "gpu");
        List<string[]> rows =
        [
            [
                "step", "output", "kernel", "why", .. onBoth ? new[] { "on" } : [], .. onGpu ? new[] { "runs", "MB" } : [],
                .. reports.SelectMany(report => new[] { reports.Length == 1 ? "ms" : $"ms, {Threads(report)}", "GFLOP/s", "GB/s", "share" }),
            ],
            .. steps.Select((step, i) => Row(step, i, string.Join('×', step.Output), step.Kernel.Length <= WidestKernel ? step.Kernel : "…" + step.Kernel[step.Kernel.IndexOf('/', StringComparison.Ordinal)..])),
            Row(Sum(steps) with { Nodes = ["sum"] }, null, "", ""),
        ];

        int[] widths = [.. rows[0].Select((_, column) => rows.Max(row => row[column].Length))];
        widths[0] = Math.Min(widths[0], Math.Max(NarrowestStep, Width - widths.Skip(1).Sum(width => width + Gap)));
        for (int i = 0; i < rows.Count; i++)
        {
            // Words start at the left of their column, numbers end at the right.
            var cells = rows[i].Select((cell, column) => column == 0 ? Shortened(cell, widths[0]).PadRight(widths[0]) : column < Words ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            output.WriteLine(string.Join(new string(' ', Gap), cells).TrimEnd());
            if (reasons && i > 0 && i <= steps.Count)
                WriteReasons(steps[i - 1], output);
        }

        string[] Row(BenchStep step, int? number, string shape, string kernel) =>
        [
            string.Join(" + ", step.Nodes), shape, kernel, step.Reason,
            .. onBoth ? new[] { step.Backend } : [], .. onGpu ? new[] { step.Dispatches.ToString(Culture), Megabytes(step) } : [],
            .. reports.SelectMany(report => Numbers(number is { } i ? report.Layers![i] : Sum(report.Layers!))),
        ];
    }

    // What nothing else is known of in the table, in full.
    private static void WriteReasons(BenchStep step, TextWriter output)
    {
        output.WriteLine($"  {string.Join(" + ", step.Nodes)}: {step.Kernel}");
        if (step.PassedOver.Count > 0)
            output.WriteLine($"  before it: {string.Join(", ", step.PassedOver)}");
    }

    /// <summary>A text in so many characters, with a mark where some are left out of its middle.</summary>
    private static string Shortened(string text, int width)
    {
        int start = (width - 1) / 2;
        return text.Length <= width ? text : $"{text[..start]}…{text[^(width - 1 - start)..]}";
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
