using System.CommandLine;
using RealtimeCnn.Cli.Models;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Cli.Commands;

/// <summary><c>rtcnn verify</c>: compares CPU and GPU node by node on one input; exit 1 where they differ.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var model = ModelArgument.Create();
        var input = new Option<string?>("--input") { Description = "A photograph or .npy file to feed; noise without.", HelpName = "photo|npy" };
        var tolerance = new Option<double>("--tolerance") { Description = "Largest relative L2 that counts as equal.", DefaultValueFactory = _ => new ComparisonOptions().Tolerance };
        var json = new Option<bool>("--json") { Description = "Write JSON instead of a table." };
        var command = new Command("verify", "Compare a model's nodes on CPU and GPU.") { model, input, tolerance, json };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(model), parsed.GetValue(input), parsed.GetValue(tolerance), parsed.GetValue(json), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Run(string name, string? input, double tolerance, bool json, TextWriter output)
    {
        using var model = ModelArgument.Open(name);
        Tensor[] inputs = InputTensors.Open(model.Graph, input);
        try
        {
            using var host = EglHost.Create();
            using var comparer = new NetworkComparer(host.Device, model.Graph, new ComparisonOptions { Tolerance = tolerance });
            var comparison = comparer.Compare(inputs);
            output.Write(json ? $"{comparison.ToJson()}{Environment.NewLine}" : comparison.ToString());
            return comparison.Agrees ? ExitCode.Fine : ExitCode.CheckFailed;
        }
        finally
        {
            foreach (var tensor in inputs)
                tensor.Dispose();
        }
    }
}
