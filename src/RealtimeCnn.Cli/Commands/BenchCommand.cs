using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using RealtimeCnn.Cli.Models;

namespace RealtimeCnn.Cli.Commands;

/// <summary><c>rtcnn bench</c>: how long one run of a model takes, on inputs of zeros in the shapes the model declares.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var model = ModelArgument.Create();
        var backend = NetworkHost.Option();
        var threads = SharedOptions.Number("--threads", "CPU threads.", 1, 1, 1024);
        var warmup = SharedOptions.Number("--warmup", "Runs before the measured ones.", 5, 0, 1_000_000);
        var runs = SharedOptions.Number("--runs", "Measured runs.", 30, 1, 1_000_000);
        var size = SharedOptions.Size();
        var trust = SharedOptions.Trust();
        var json = new JsonOption();
        var command = new Command("bench", "Measure a model.") { model, backend, threads, warmup, runs, size, trust };
        json.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var report = json.Read(parsed);
            using var opened = NetworkHost.Open(parsed.GetRequiredValue(backend), parsed.InvocationConfiguration.Error);
            long start = Stopwatch.GetTimestamp();
            using var file = ModelArgument.Open(parsed.GetRequiredValue(model), parsed.GetValue(size), parsed.GetValue(trust), parsed.InvocationConfiguration.Error, cancellation);
            using var network = opened.Create(file.Graph, parsed.GetValue(threads));
            var loaded = Stopwatch.GetElapsedTime(start);
            var numbers = Measure(network, file, parsed.GetValue(warmup), parsed.GetValue(runs), cancellation) with
            {
                Model = Path.GetFileName(parsed.GetRequiredValue(model)),
                Backend = network.Backend,
                Threads = parsed.GetValue(threads),
                LoadMs = loaded.TotalMilliseconds,
            };
            WriteTable(numbers, report.Text);
            report.Write(numbers);
            return ExitCode.Fine;
        });
        return command;
    }

    private static Numbers Measure(INetwork network, OpenedModel model, int warmup, int runs, CancellationToken cancellation)
    {
        Tensor[] inputs = [.. model.Graph.InputShapes.Select(shape => new Tensor(shape))];
        try
        {
            double first = MeasureRun();
            for (int i = 0; i < warmup; i++)
                MeasureRun();
            double[] times = new double[runs];
            using var process = Process.GetCurrentProcess();
            process.Refresh();
            var cpuBefore = process.TotalProcessorTime;
            for (int i = 0; i < runs; i++)
                times[i] = MeasureRun();
            process.Refresh();
            var places = NodePlaces.Of(network);
            double cpu = (process.TotalProcessorTime - cpuBefore).TotalMilliseconds / runs;
            Array.Sort(times);
            return new Numbers
            {
                Inputs = [.. model.Graph.InputShapes.Select(shape => shape.ToArray())],
                Runs = runs,
                MedianMs = (times[(runs - 1) / 2] + times[runs / 2]) / 2,
                MinMs = times[0],
                P95Ms = times[(int)Math.Ceiling(0.95 * runs) - 1],
                CpuMs = cpu,
                FirstRunMs = first,
                PeakBytes = process.PeakWorkingSet64,
                GpuNodes = places.GpuNodes,
                CpuNodes = places.CpuNodes,
                CpuOps = places.CpuOps,
            };
        }
        finally
        {
            foreach (var input in inputs)
                input.Dispose();
        }

        // A run that can be cancelled is a little slower on the GPU: only between runs is it asked.
        double MeasureRun()
        {
            cancellation.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            network.Run(inputs, CancellationToken.None);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    private static void WriteTable(Numbers numbers, TextWriter output)
    {
        var culture = CultureInfo.InvariantCulture;
        string threads = numbers.Threads == 1 ? "1 thread" : $"{numbers.Threads} threads";
        Row("model", $"{numbers.Model}, {string.Join(", ", numbers.Inputs.Select(input => new Shape(input)))}");
        Row("backend", numbers.Backend == "gpu" ? "gpu" : $"{numbers.Backend}, {threads}");
        Row("run", string.Create(culture, $"{numbers.MedianMs:0.00} ms median of {numbers.Runs}, {numbers.MinMs:0.00} least, {numbers.P95Ms:0.00} at 95 %"));
        Row("processor", string.Create(culture, $"{numbers.CpuMs:0.00} ms a run"));
        Row("start", string.Create(culture, $"{numbers.LoadMs:0} ms to load, {numbers.FirstRunMs:0} ms the first run"));
        Row("memory", string.Create(culture, $"{numbers.PeakBytes / 1048576.0:0} MiB at the peak"));
        Row("nodes", new NodePlaces(numbers.GpuNodes, numbers.CpuNodes, numbers.CpuOps).Describe(numbers.Backend));

        void Row(string name, string value) => output.WriteLine($"{name,-9}  {value}");
    }

    /// <summary>What was measured, by the names that the JSON has.</summary>
    private sealed record Numbers
    {
        public string Model { get; init; } = string.Empty;

        public required int[][] Inputs { get; init; }

        public string Backend { get; init; } = string.Empty;

        public int Threads { get; init; }

        public required int Runs { get; init; }

        public required double MedianMs { get; init; }

        public required double MinMs { get; init; }

        public required double P95Ms { get; init; }

        public required double CpuMs { get; init; }

        public double LoadMs { get; init; }

        public required double FirstRunMs { get; init; }

        public required long PeakBytes { get; init; }

        public required int GpuNodes { get; init; }

        public required int CpuNodes { get; init; }

        public required IReadOnlyList<string> CpuOps { get; init; }
    }
}
