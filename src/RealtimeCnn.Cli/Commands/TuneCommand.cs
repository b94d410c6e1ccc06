using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeCnn.Cli.Models;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Cli.Commands;

/// <summary><c>rtcnn tune</c>: measures kernels of a model on this machine's OpenGL, one line for each layer and shape, and keeps the fastest for later runs.</summary>
internal static class TuneCommand
{
    // What does not count has no time.
    private static readonly JsonSerializerOptions Format = new(Json.Indented) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static Command Create()
    {
        var model = ModelArgument.Create();
        var size = SharedOptions.Size();
        var trust = SharedOptions.Trust();
        var gl = new GlOption();
        var json = new JsonOption();
        var command = new Command("tune", $"Measure at most {KernelTuner.MostCandidates} kernels for each layer and shape of a model on OpenGL, check each, and keep the fastest for later runs.") { model, size, trust };
        gl.AddTo(command);
        json.AddTo(command);
        command.Validators.Add(result =>
        {
            if (gl.HasNoCache(result))
                result.AddError("tune keeps what it finds in the cache, and --no-cache says that there is none: leave it out.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            var report = json.Read(parsed);
            using var opened = ModelArgument.Open(parsed.GetRequiredValue(model), parsed.GetValue(size), parsed.GetValue(trust), parsed.InvocationConfiguration.Error, cancellation);
            using var host = EglHost.Create(options: gl.Read(parsed));
            report.Text.WriteLine($"{host.Device.Info.Renderer}, driver '{host.Device.Info.Driver}'");
            var steps = new KernelTuner(host.Device).Run(opened.Graph, step => Print(step, report.Text), cancellation);
            report.Write(new { host.Device.Info.Renderer, host.Device.Info.Driver, Steps = steps }, Format);
            var whole = steps.Where(step => !IsWithin(step, steps)).ToList();
            report.Text.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{steps.Count} calls measured, {steps.Count(step => step.Chosen != step.Kernels[0].Name)} of them have another kernel now: {Sum(whole, step => step.Kernels[0].Name):0.00} → {Sum(whole, step => step.Chosen):0.00} ms"));
            return ExitCode.Fine;
        });
        return command;
    }

    /// <summary>Whether a step's time is a part of that of nodes that were measured together.</summary>
    private static bool IsWithin(TunedStep step, IReadOnlyList<TunedStep> steps) =>
        steps.Any(block => block.Nodes.Any(nodes => nodes != step.Nodes[0] && nodes.Split(" + ").Contains(step.Nodes[0])));

    // Of all nodes that make the calls.
    private static double Sum(IReadOnlyList<TunedStep> steps, Func<TunedStep, string> kernel) =>
        steps.Sum(step => step.Nodes.Count * step.Kernels.First(one => one.Name == kernel(step)).Milliseconds);

    private static void Print(TunedStep step, TextWriter output)
    {
        string more = step.Nodes.Count == 1 ? "" : $" and {step.Nodes.Count - 1} more";
        string tried = string.Join("; ", step.Kernels.Select(kernel => kernel.Problem == null
            ? string.Create(CultureInfo.InvariantCulture, $"{kernel.Name} {kernel.Milliseconds:0.000} ms") : $"{kernel.Name} does not count: {kernel.Problem.ReplaceLineEndings(" ")}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step.Nodes[0]}{more} {step.Output}: {step.Chosen}, {step.Gain:0.00} times as fast ({tried})"));
    }
}
