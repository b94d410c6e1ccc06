using System.CommandLine;
using System.Diagnostics;
using RealtimeCnn.Cli.Measuring;
using RealtimeCnn.Cli.Models;

namespace RealtimeCnn.Cli.Commands;

/// <summary><c>rtcnn bench</c>: how long one run of a model takes, and each of its steps, on inputs of zeros in the shapes the model declares.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var model = ModelArgument.Create();
        var place = new NetworkHost.PlaceOptions();
        var threads = SharedOptions.ThreadCounts();
        var warmup = SharedOptions.Number("--warmup", "Runs before the measured ones; as many as take a second without it.", 0, 1_000_000);
        var runs = SharedOptions.Number("--runs", "Measured runs.", 30, 1, 1_000_000);
        var layers = new Option<bool>("--layers") { Description = "Each step of the plan too, with the least time of as many runs: its kernel, why this one, GFLOP/s, share of the sum, and the CPU's measured peak." };
        var reasons = new Option<bool>("--reasons") { Description = "As --layers, and for each step its kernel in full and those that were not taken, with what each lacked." };
        var size = SharedOptions.Size();
        var trust = SharedOptions.Trust();
        var json = new JsonOption();
        var command = new Command("bench", "Measure a model.") { model, threads, warmup, runs, layers, reasons, size, trust };
        place.AddTo(command);
        json.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var report = json.Read(parsed);
            using var opened = NetworkHost.Open(place.Read(parsed), parsed.InvocationConfiguration.Error);
            var before = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            using var file = ModelArgument.Open(parsed.GetRequiredValue(model), parsed.GetValue(size), parsed.GetValue(trust), parsed.InvocationConfiguration.Error, cancellation);
            var loaded = Stopwatch.GetElapsedTime(start);
            BenchReport[] reports = [.. parsed.GetRequiredValue(threads).Select(Measure)];
            BenchTable.Write(reports, parsed.GetValue(reasons), report.Text);
            // One number of threads is one report; several are an array of them.
            if (reports is [var only])
                report.Write(only);
            else
                report.Write(reports);
            return ExitCode.Fine;

            BenchReport Measure(int count)
            {
                long bind = Stopwatch.GetTimestamp();
                using var network = opened.Create(file.Graph, count);
                var bound = Stopwatch.GetElapsedTime(bind);
                using var meter = new NetworkMeter(network, file.Graph.InputShapes);
                var numbers = meter.Measure(parsed.GetValue(warmup), parsed.GetValue(runs), cancellation) with
                {
                    Model = Path.GetFileName(parsed.GetRequiredValue(model)),
                    Backend = network.Backend,
                    Threads = count,
                    StartCpuMs = count == parsed.GetRequiredValue(threads)[0] ? (meter.CpuAfterFirst - before).TotalMilliseconds : null,
                    LoadMs = (loaded + bound).TotalMilliseconds,
                    ProgramsCompiled = opened.Programs?.Compiled,
                    ProgramsLoaded = opened.Programs?.Loaded,
                };
                return !(parsed.GetValue(layers) || parsed.GetValue(reasons)) ? numbers : numbers with
                {
                    Layers = meter.MeasureSteps(parsed.GetValue(runs), cancellation),
                    PeakGflops = network.Backend == "cpu" ? PeakRate.MeasureGflops(count) : null,
                };
            }
        });
        return command;
    }
}
