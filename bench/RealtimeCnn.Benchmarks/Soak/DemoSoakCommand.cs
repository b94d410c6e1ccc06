using System.CommandLine;
using System.Globalization;
using RealtimeCnn.Demo.Modes;

namespace RealtimeCnn.Benchmarks.Soak;

/// <summary><c>soak demo</c>: the demo with a faulty camera and a user who tries everything; a line for each round, then how each part came along, exit code 1 where anything grew or failed.</summary>
internal static class DemoSoakCommand
{
    public static Command Create()
    {
        var usual = new DemoSoakOptions();
        var backend = new Option<string>("--backend") { Description = "Where the networks run and the screen is drawn.", DefaultValueFactory = _ => usual.Backend };
        backend.AcceptOnlyFromAmong("cpu", "gpu");
        var minutes = new Option<double>("--minutes") { Description = "How long.", DefaultValueFactory = _ => 60 };
        var period = new Option<double>("--period") { Description = "Seconds in each mode.", DefaultValueFactory = _ => usual.Period.TotalSeconds };
        var deeds = new Option<int>("--deeds") { Description = "Keys, clicks and drags in each mode.", DefaultValueFactory = _ => usual.Deeds };
        var seed = new Option<int>("--seed") { Description = "Decides what is left to chance.", DefaultValueFactory = _ => usual.Seed };
        var command = new Command("demo", "Plays the demo with a faulty camera and a user who tries everything, and looks for anything that grows.") { backend, minutes, period, deeds, seed };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            usual with
            {
                Backend = parsed.GetRequiredValue(backend), Period = TimeSpan.FromSeconds(parsed.GetValue(period)), Deeds = parsed.GetValue(deeds), Seed = parsed.GetValue(seed),
                Rounds = Math.Max((int)Math.Ceiling(parsed.GetValue(minutes) * 60 / (parsed.GetValue(period) * (ModeList.Names.Count + 1))), 1),
            },
            parsed.InvocationConfiguration.Output, cancellation)));
        return command;
    }

    private static int Run(DemoSoakOptions options, TextWriter output, CancellationToken cancellation)
    {
        var thrown = new Dictionary<string, int>();
        AppDomain.CurrentDomain.FirstChanceException += (_, args) =>
        {
            string name = args.Exception.GetType().Name;
            lock (thrown)
                thrown[name] = thrown.GetValueOrDefault(name) + 1;
        };
        using var soak = new DemoSoak(options);
        output.WriteLine($"{"round",8}{"managed KiB",14}{"tensors KiB",14}{"resident MiB",14}{"handles",9}{"threads",9}{"children",10}{"files",7}{"GL objects",12}");
        var report = soak.Run(
            (round, sample) => output.WriteLine(
                $"{round + 1,8}{sample.ManagedBytes >> 10,14}{sample.NativeBytes >> 10,14}{sample.ResidentBytes >> 20,14}{sample.Handles,9}{sample.Threads,9}{sample.Children,10}{sample.Files,7}{sample.GlObjectCount,12}"),
            cancellation);
        output.WriteLine($"{report.Samples.Count} rounds, {report.Frames} pictures, {report.Turns} turns, {report.FilesSaved} files saved; medians of the second and the last third of all rounds:");
        foreach (var trend in Footprint.Trends(report.Samples))
            output.WriteLine($"  {(trend.IsFlat ? "flat" : "GREW")}  {trend.Name}: {trend.Before} … {trend.After}, {trend.After - trend.Before:+0;-0;0} of at most {trend.Slack:+0;-0;0}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"longest turn in each mode: {string.Join(", ", report.LongestTurns.OrderByDescending(mode => mode.Value).Select(mode => $"{mode.Key} {mode.Value.TotalMilliseconds:0} ms"))}"));
        lock (thrown)
            output.WriteLine($"thrown and handled: {string.Join(", ", thrown.OrderByDescending(kind => kind.Value).Select(kind => $"{kind.Value} {kind.Key}"))}");
        foreach (string problem in report.Problems)
            output.WriteLine($"problem: {problem}");
        return report.Problems.Count == 0 ? 0 : 1;
    }
}
