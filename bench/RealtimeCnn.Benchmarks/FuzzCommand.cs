using System.CommandLine;
using System.Diagnostics;
using RealtimeCnn.Fuzz.Running;

namespace RealtimeCnn.Benchmarks;

/// <summary>
/// The long run of the harness that the tests run briefly: files of every operator, small networks, damaged models and damaged
/// bytes, each run in every way and compared. Every finding is a line with the command that repeats it, and its file is kept.
/// </summary>
internal static class FuzzCommand
{
    private const string Repeat = "dotnet run -c Release --project bench/RealtimeCnn.Benchmarks -- fuzz";

    public static Command Create()
    {
        var minutes = new Option<double?>("--minutes") { Description = "How long; 20 where no count is given either." };
        var seed = new Option<int>("--seed") { Description = "First seed; what runs follows from it." };
        var count = new Option<int?>("--count") { Description = "How many seeds, where time does not end it." };
        var gpu = new Option<bool>("--gpu") { Description = "Run on OpenGL as well, and compare." };
        var guard = new Option<bool>("--guard") { Description = "Put every block of native memory between pages that nobody may touch." };
        var corpus = new Option<DirectoryInfo?>("--files") { Description = "Folder of .onnx files to damage beside the drawn ones, at any depth." };
        var output = new Option<DirectoryInfo>("--output") { Description = "Where the files of findings are kept.", DefaultValueFactory = _ => new DirectoryInfo("artifacts/fuzz") };
        var jobs = new Option<int>("--jobs") { Description = "Child processes at a time.", DefaultValueFactory = _ => Math.Max(Environment.ProcessorCount, 1) };
        var command = new Command("fuzz", "Draws and damages ONNX files, runs them in child processes, and compares CPU, GPU and definitions; exit code 1 with findings.")
        {
            minutes, seed, count, gpu, guard, corpus, output, jobs,
        };
        command.SetAction(parsed => Run(
            new FuzzSessionOptions(parsed.GetValue(seed), parsed.GetValue(gpu), parsed.GetValue(guard), parsed.GetValue(corpus)?.FullName)
            {
                Count = parsed.GetValue(count) ?? int.MaxValue,
                Time = parsed.GetValue(minutes) is { } given ? TimeSpan.FromMinutes(given) : parsed.GetValue(count) == null ? TimeSpan.FromMinutes(20) : TimeSpan.MaxValue,
                Jobs = Math.Max(parsed.GetValue(jobs), 1),
            },
            parsed.GetRequiredValue(output), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Run(FuzzSessionOptions options, DirectoryInfo folder, TextWriter output)
    {
        var source = new CaseSource(CaseSource.Corpus(options.Corpus));
        var watch = Stopwatch.StartNew();
        var session = new FuzzSession(options, finding =>
        {
            output.WriteLine($"{finding.Kind}: seed {finding.Seed}, {finding.Case}: {Short(finding.Text)}");
            output.WriteLine($"    {Repeat} --seed {finding.Seed} --count 1{(options.Gpu ? " --gpu" : "")}{(options.Guard ? " --guard" : "")}{(options.Corpus == null ? "" : $" --files {options.Corpus}")}");
            if (finding.Seed >= 0)
            {
                folder.Create();
                File.WriteAllBytes(Path.Combine(folder.FullName, $"{finding.Seed}.onnx"), source.Make(finding.Seed).File);
            }
        });
        session.Run();
        int Of(ChildLine outcome) => session.Outcomes.Values.Count(other => other == outcome);
        output.WriteLine($"{session.Outcomes.Count} files in {watch.Elapsed.TotalMinutes:F1} min: {Of(ChildLine.Agreed)} agreed, {Of(ChildLine.Refused)} were refused, {session.Findings.Count} findings"
            + string.Concat(session.Findings.GroupBy(finding => finding.Kind).OrderBy(group => group.Key).Select(group => $"; {group.Key} {group.Count()}")));
        return session.Findings.Count == 0 ? 0 : 1;
    }

    private static string Short(string text) => text.Length <= 400 ? text : text[..400] + " …";
}
