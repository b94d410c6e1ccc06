using System.CommandLine;
using RealtimeCnn.Cli.Models;

namespace RealtimeCnn.Cli.Commands;

/// <summary><c>rtcnn conformance</c>: runs the ONNX backend tests of a folder, one line each, totals last; exit 1 when any fails.</summary>
internal static class ConformanceCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("dir") { Description = "Folder whose sub-folders hold model.onnx and test_data_set_*." };
        var place = new NetworkHost.PlaceOptions();
        var json = new JsonOption();
        var command = new Command("conformance", "Run ONNX backend tests.") { folder };
        place.AddTo(command);
        json.AddTo(command);
        command.SetAction((parsed, cancellation) => Run(parsed.GetRequiredValue(folder), place.Read(parsed), json.Read(parsed), parsed.InvocationConfiguration.Error, cancellation));
        return command;
    }

    private static int Run(string folder, NetworkHost.Place where, JsonReport report, TextWriter notes, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
            throw new InputException($"There is no folder '{folder}'.");
        using var host = NetworkHost.Open(where, notes);
        var output = report.Text;
        var results = new List<ConformanceResult>();
        foreach (string test in ConformanceSuite.Find(folder))
        {
            cancellation.ThrowIfCancellationRequested();
            var result = ConformanceSuite.Run(test, Path.GetRelativePath(folder, test).Replace('\\', '/'), host, cancellation);
            results.Add(result);
            output.WriteLine($"{result.Status} {result.Name}: {result.Reason}");
        }

        if (results.Count == 0)
            throw new InputException($"No folder below '{folder}' holds a model.onnx and a test_data_set_*.");
        report.Write(results);
        int Count(string status) => results.Count(result => result.Status == status);
        output.WriteLine($"{results.Count} tests: {Count("pass")} pass, {Count("fail")} fail, {Count("unsupported")} unsupported");
        return Count("fail") == 0 ? ExitCode.Fine : ExitCode.CheckFailed;
    }
}
