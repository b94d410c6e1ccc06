using System.CommandLine;
using RealtimeCnn.Cli.Models;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Export;

namespace RealtimeCnn.Cli.Commands;

/// <summary><c>rtcnn export</c>: writes a model, a file's or one of the classic networks, as an ONNX file.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var model = ModelArgument.Create();
        var destination = new Option<string>("--output") { Description = "The ONNX file to write.", HelpName = "file", Required = true };
        var trust = SharedOptions.Trust();
        var command = new Command("export", "Write a model as an ONNX file.") { model, destination, trust };
        command.SetAction((parsed, cancellation) => Run(parsed.GetRequiredValue(model), parsed.GetRequiredValue(destination), parsed.GetValue(trust), cancellation));
        return command;
    }

    private static int Run(string name, string path, bool trust, CancellationToken cancellation)
    {
        OutputFile.Check(path);
        if (ModelCatalog.Contains(name))
        {
            using var graph = ModelCatalog.Create(name);
            OnnxExporter.Write(path, graph);
            return ExitCode.Fine;
        }

        // A file keeps the names and types of its ends, and what it says about itself.
        ModelArgument.VerifyModelFile(name);
        using var model = ShippedModels.Load(name, new OnnxLoadOptions { Limits = SharedOptions.Limits(trust) }, cancellation);
        model.Save(path);
        return ExitCode.Fine;
    }
}
