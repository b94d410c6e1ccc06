using System.CommandLine;
using System.Globalization;

namespace RealtimeCnn.Benchmarks.Soak;

/// <summary><c>soak</c>: two faulty cameras and three models for as long as is wanted; a line for each round, times at the end, exit code 1 where anything grew.</summary>
internal static class SoakCommand
{
    public static Command Create()
    {
        var usual = new SoakOptions();
        var backend = new Option<string>("--backend") { Description = "Where the networks run.", DefaultValueFactory = _ => usual.Backend };
        backend.AcceptOnlyFromAmong("cpu", "gpu");
        var minutes = new Option<double>("--minutes") { Description = "How long.", DefaultValueFactory = _ => 20 };
        var period = new Option<double>("--period") { Description = "Seconds for each of the ten parts of a round.", DefaultValueFactory = _ => usual.Period.TotalSeconds };
        var rate = new Option<double>("--rate") { Description = "Pictures a second of each camera.", DefaultValueFactory = _ => usual.FrameRate };
        var command = new Command("soak", "Runs two faulty cameras and three models, and looks for anything that grows.") { backend, minutes, period, rate, DemoSoakCommand.Create() };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            usual with
            {
                Backend = parsed.GetRequiredValue(backend), Period = TimeSpan.FromSeconds(parsed.GetValue(period)), FrameRate = parsed.GetValue(rate),
                Rounds = Math.Max((int)Math.Ceiling(parsed.GetValue(minutes) * 60 / (parsed.GetValue(period) * LiveSoak.Parts)), 1),
            },
            parsed.InvocationConfiguration.Output, cancellation)));
        return command;
    }

    private static int Run(SoakOptions options, TextWriter output, CancellationToken cancellation)
    {
        using var soak = new LiveSoak(options);
        output.WriteLine($"{"round",8}{"managed KiB",14}{"tensors KiB",14}{"resident MiB",14}{"handles",9}{"threads",9}{"GL objects",12}");
        var report = soak.Run(
            (round, sample) => output.WriteLine($"{round + 1,8}{sample.ManagedBytes >> 10,14}{sample.NativeBytes >> 10,14}{sample.ResidentBytes >> 20,14}{sample.Handles,9}{sample.Threads,9}{sample.GlObjectCount,12}"), cancellation);
        foreach (var network in report.Networks)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{network.Name}: {network.Milliseconds.Count} results in quiet times, {network.Quantile(0.5):0.0} ms p50, {network.Quantile(0.99):0.0} ms p99 from picture to result"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.QuietTurns} quiet turns: {report.BytesPerPicture:0} bytes allocated for each picture that two networks share, {report.BlockingCalls} calls that waited for the GPU"));
        foreach (string problem in report.Problems)
            output.WriteLine($"problem: {problem}");
        return report.Problems.Count == 0 ? 0 : 1;
    }
}
