using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using RealtimeCnn.Cli.Models;

namespace RealtimeCnn.Cli.Commands;

/// <summary><c>rtcnn bench</c>: how long one run of a model takes, on inputs of zeros in the shapes the model declares.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var model = ModelArgument.Create();
        var backend = ModelOptions.Backend();
        var threads = ModelOptions.Number("--threads", "CPU threads.", 1, 1);
        var warmup = ModelOptions.Number("--warmup", "Runs before the measured ones.", 5, 0);
        var runs = ModelOptions.Number("--runs", "Measured runs.", 30, 1);
        var json = new Option<string?>("--json") { Description = "Also write the numbers as JSON.", HelpName = "file" };
        var command = new Command("bench", "Measure a model.") { model, backend, threads, warmup, runs, json };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(model), parsed.GetRequiredValue(backend), parsed.GetValue(threads), parsed.GetValue(warmup), parsed.GetValue(runs),
            parsed.GetValue(json), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Run(string path, string where, int threads, int warmup, int runs, string? json, TextWriter output)
    {
        using var backend = ModelOptions.Open(where);
        long start = Stopwatch.GetTimestamp();
        using var model = ModelArgument.Open(path);
        using var runner = backend.Open(model.Graph, threads);
        double load = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Tensor[] inputs = [.. model.Graph.InputShapes.Select(shape => new Tensor(shape))];
        try
        {
            double first = Milliseconds(() => runner.Run(inputs));
            for (int i = 0; i < warmup; i++)
                runner.Run(inputs);
            double[] times = new double[runs];
            using var process = Process.GetCurrentProcess();
            process.Refresh();
            var cpuBefore = process.TotalProcessorTime;
            for (int i = 0; i < runs; i++)
                times[i] = Milliseconds(() => runner.Run(inputs));
            process.Refresh();
            double cpu = (process.TotalProcessorTime - cpuBefore).TotalMilliseconds / runs;
            Array.Sort(times);
            var report = new
            {
                Model = Path.GetFileName(path),
                Backend = backend.Backend.ToString().ToLowerInvariant(),
                Threads = threads,
                Runs = runs,
                MedianMs = (times[(runs - 1) / 2] + times[runs / 2]) / 2,
                MinMs = times[0],
                P95Ms = times[(int)Math.Ceiling(0.95 * runs) - 1],
                CpuMs = cpu,
                LoadMs = load,
                FirstRunMs = first,
                PeakBytes = process.PeakWorkingSet64,
                runner.GpuNodes,
                runner.CpuNodes,
                runner.CpuOps,
            };
            string text = JsonSerializer.Serialize(report, Json.Indented);
            if (json != null)
                File.WriteAllText(json, text);
            output.WriteLine(text);
            return ExitCode.Fine;
        }
        finally
        {
            foreach (var input in inputs)
                input.Dispose();
        }
    }

    private static double Milliseconds(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
