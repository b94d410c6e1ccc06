using System.CommandLine;
using System.Text.Json;
using RealtimeCnn.Cli.Models;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Cli.Commands;

/// <summary>
/// <c>rtcnn infer</c>: runs an ONNX file once, says what came out and where nodes ran, and writes <c>output_0.npy</c>, … in the
/// graph's order and <c>outputs.json</c> with names and shapes into a folder if one is named.
/// </summary>
internal static class InferCommand
{
    public static Command Create()
    {
        var model = SharedOptions.Model();
        var inputs = SharedOptions.Inputs();
        var destination = new Option<string>("--output") { Description = "Folder for the results as output_0.npy, … and outputs.json; made where absent.", HelpName = "dir" };
        var place = new NetworkHost.PlaceOptions();
        var trust = SharedOptions.Trust();
        var photographs = new SharedOptions.Photographs();
        var command = new Command("infer", "Run a model on arrays or a photograph.") { model, inputs, destination, trust };
        place.AddTo(command);
        photographs.AddTo(command);
        command.SetAction((parsed, cancellation) => Run(
            parsed.GetRequiredValue(model), parsed.GetValue(inputs) ?? [], photographs.Read(parsed), parsed.GetValue(destination),
            place.Read(parsed), parsed.GetValue(trust), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellation));
        return command;
    }

    private static int Run(string path, string[] files, PhotographOptions photographs, string? folder, NetworkHost.Place where, bool trust, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        if (folder != null && File.Exists(folder))
            throw new InputException($"'{folder}' is a file; --output names a folder.");
        var limits = SharedOptions.Limits(trust);
        var inputs = ModelInputs.Read(path, files, photographs, limits);
        using var model = OnnxModel.Load(path, new OnnxLoadOptions { Inputs = inputs, Limits = limits }, cancellation);
        foreach (string note in model.Notes)
            CommandLine.Note(error, note);
        using var host = NetworkHost.Open(where, error);
        using var network = host.Create(model.Graph, Environment.ProcessorCount);
        Tensor[] values = [.. model.Inputs.Select(port => inputs[port.Name].ToTensor())];
        try
        {
            var results = network.Run(values, cancellation);
            OnnxTensor[] outputs = [.. results.Select((result, i) => model.ReadOutput(i, result))];
            if (folder != null)
                Write(folder, outputs, model, NodePlaces.Of(network));
            for (int i = 0; i < outputs.Length; i++)
                output.WriteLine($"{model.Outputs[i].Name}: {outputs[i]}");
            output.WriteLine(NodePlaces.Of(network).Describe(network.Backend));
            return ExitCode.Fine;
        }
        finally
        {
            foreach (var value in values)
                value.Dispose();
        }
    }

    private static void Write(string folder, OnnxTensor[] outputs, OnnxModel model, NodePlaces places)
    {
        Directory.CreateDirectory(folder);
        for (int i = 0; i < outputs.Length; i++)
            NpyFile.Write(Path.Combine(folder, $"output_{i}.npy"), outputs[i]);
        var report = new
        {
            Names = model.Outputs.Select(port => port.Name),
            Shapes = outputs.Select(tensor => tensor.Shape.ToArray()),
            places.GpuNodes,
            places.CpuNodes,
            places.CpuOps,
        };
        File.WriteAllBytes(Path.Combine(folder, "outputs.json"), JsonSerializer.SerializeToUtf8Bytes(report, Json.Indented));
    }
}
