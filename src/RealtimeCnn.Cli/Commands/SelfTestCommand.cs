using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.SelfTests;

namespace RealtimeCnn.Cli.Commands;

/// <summary><c>rtcnn selftest</c>: runs every GPU kernel on this machine's driver against its definition, one line for each layer; exit 1 when any is out of tolerance.</summary>
internal static class SelfTestCommand
{
    // NaN and infinities are results like others here.
    private static readonly JsonSerializerOptions Format = new(Json.Indented)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Command Create()
    {
        var json = new JsonOption("--output");
        var path = new Option<string[]>("--read-path")
        {
            Description = "How shaders read tensors; every way that the device has when left out.",
            AllowMultipleArgumentsPerToken = true,
        }.OneOf([.. Enum.GetNames<ReadPath>().Select(name => name.ToLowerInvariant())]);
        var guaranteed = new Option<bool>("--guaranteed") { Description = "As on a device that has no more than OpenGL 4.3 or OpenGL ES 3.1 guarantees: no extension, the smallest limits." };
        var quick = new Option<bool>("--quick") { Description = "One case of each shader in each of its forms, not all: much shorter, and enough to see whether a driver is right at all." };
        var only = new Option<string>("--only") { Description = "Only checks with this in their names, which are like 'Conv2d: stride that does not divide'.", HelpName = "text" };
        var gl = new GlOption();
        var command = new Command("selftest", "Check every GPU kernel on this machine's driver against its definition.") { path, guaranteed, quick, only };
        gl.AddTo(command);
        json.AddTo(command);
        command.SetAction((parsed, cancellation) => Run(gl.Read(parsed) with { OnlyGuaranteed = parsed.GetValue(guaranteed) }, parsed.GetValue(path) ?? [], parsed.GetValue(quick), parsed.GetValue(only), json.Read(parsed), cancellation));
        return command;
    }

    private static int Run(GlDeviceOptions gl, string[] paths, bool isQuick, string? only, JsonReport report, CancellationToken cancellation)
    {
        var output = report.Text;
        ReadPath[] chosen = paths.Length == 0 ? Enum.GetValues<ReadPath>() : [.. paths.Distinct().Select(path => Enum.Parse<ReadPath>(path, ignoreCase: true))];
        var reports = new List<SelfTestReport>();
        foreach (var path in chosen)
        {
            using var host = EglHost.Create(options: gl with { ReadPath = path });
            var info = host.Device.Info;
            output.WriteLine($"{info.Renderer}, OpenGL {info.Version}, driver '{info.Driver}', tensors read by {path.ToString().ToLowerInvariant()}");
            var layer = new List<KernelCheck>();
            reports.Add(SelfTest.Run(host.Device, isQuick, only, check =>
            {
                if (layer.Count > 0 && layer[0].Layer != check.Layer)
                    Print(layer, output);
                layer.Add(check);
            }, cancellation));
            Print(layer, output);
            if (reports[^1].Checks.Count == 0)
                throw new InputException($"No check is named '{only}'. Give a layer, such as Conv2d, Network or Picture, or a word of a case; without --only all are run.");

            // Without buffer textures there is the first way only.
            if (paths.Length == 0 && host.Device.Limits.TextureBufferTexels == 0)
                break;
        }

        string version = typeof(SelfTest).Assembly.GetName().Version!.ToString(3);
        report.Write(new { RealtimeCnn = version, Created = DateTimeOffset.UtcNow, Machine = MachineReport.Here, Reports = reports }, Format);
        int all = reports.Sum(report => report.Checks.Count), failed = reports.Sum(report => report.Checks.Count(check => !check.Passed));
        output.WriteLine($"{all} checks: {all - failed} pass, {failed} fail");
        return failed == 0 ? ExitCode.Fine : ExitCode.CheckFailed;
    }

    /// <summary>A line for a layer, and one for each of its checks that fail.</summary>
    private static void Print(List<KernelCheck> layer, TextWriter output)
    {
        foreach (var check in layer.Where(check => !check.Passed))
        {
            string outcome = check.Difference is { } difference
                ? string.Create(CultureInfo.InvariantCulture, $"error {difference.RelativeL2:0.0e+0} of {check.Tolerance:0.0e+0}, worst {difference.MaxAbsolute:0.0e+0} at [{string.Join(", ", difference.At)}]: {difference.Actual:R} instead of {difference.Expected:R}")
                : (check.Problem ?? "nothing was computed").ReplaceLineEndings(" ");
            output.WriteLine($"FAIL {check} {check.Shape}: {outcome}: {string.Join(", ", check.Shaders)}");
        }

        if (layer.Any(check => check.Passed))
        {
            var worst = layer.Where(check => check.Passed).MaxBy(check => check.Difference!.RelativeL2)!;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"pass {layer[0].Layer}: {layer.Count(check => check.Passed)} of {layer.Count}, largest error {worst.Difference!.RelativeL2:0.0e+0} of {worst.Tolerance:0.0e+0} ({worst.Name}); compiled in {layer.Sum(check => check.CompileMilliseconds):0} ms"));
        }

        layer.Clear();
    }
}
