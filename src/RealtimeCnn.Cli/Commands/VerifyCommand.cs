using System.CommandLine;
using System.Globalization;
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
        tolerance.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is > 0 and < double.PositiveInfinity))
                result.AddError($"--tolerance '{token.Value}' is not possible; it is a number above 0.");
        });
        var size = SharedOptions.Size();
        var trust = SharedOptions.Trust();
        var json = new JsonOption();
        var command = new Command("verify", "Compare a model's nodes on CPU and GPU.") { model, input, tolerance, size, trust };
        var gl = new GlOption();
        gl.AddTo(command);
        json.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var report = json.Read(parsed);
            using var opened = ModelArgument.Open(parsed.GetRequiredValue(model), parsed.GetValue(size), parsed.GetValue(trust), parsed.InvocationConfiguration.Error, cancellation);
            return Run(opened, gl.Read(parsed), parsed.GetValue(input), parsed.GetValue(tolerance), report, cancellation);
        });
        return command;
    }

    private static int Run(OpenedModel model, GlDeviceOptions gl, string? input, double tolerance, JsonReport report, CancellationToken cancellation)
    {
        Tensor[] inputs = InputTensors.Open(model, input);
        try
        {
            using var host = EglHost.Create(options: gl);
            using var comparer = new NetworkComparer(host.Device, model.Graph, new ComparisonOptions { Tolerance = tolerance });
            var comparison = comparer.Compare(inputs, cancellation);
            report.Text.Write(comparison.ToString());
            report.Write(comparison.ToJson);
            return comparison.Agrees ? ExitCode.Fine : ExitCode.CheckFailed;
        }
        finally
        {
            foreach (var tensor in inputs)
                tensor.Dispose();
        }
    }
}
