using System.CommandLine;
using System.Globalization;
using RealtimeCnn.Cli.Models;
using RealtimeCnn.Cli.Training;
using RealtimeCnn.Onnx;
using RealtimeCnn.Training;

namespace RealtimeCnn.Cli.Commands;

/// <summary><c>rtcnn eval</c>: runs a classifier over labelled pictures and says how often it is right, and what it takes for what.</summary>
internal static class EvalCommand
{
    public static Command Create()
    {
        var model = SharedOptions.Model();
        var data = DataArgument.Option("--data", "What to evaluate on", isRequired: true);
        var place = new NetworkHost.PlaceOptions();
        var trust = SharedOptions.Trust();
        var photographs = new SharedOptions.Photographs();
        var json = new JsonOption();
        var command = new Command("eval", "Say how often a classifier is right on labelled pictures.") { model, data, trust };
        place.AddTo(command);
        photographs.AddTo(command);
        json.AddTo(command);
        command.SetAction((parsed, cancellation) => Run(
            parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), place.Read(parsed), parsed.GetValue(trust), photographs.Read(parsed), json.Read(parsed),
            parsed.InvocationConfiguration.Error, cancellation));
        return command;
    }

    private static int Run(string path, string text, NetworkHost.Place where, bool trust, PhotographOptions photographs, JsonReport report, TextWriter error, CancellationToken cancellation)
    {
        ModelArgument.VerifyFile(path);
        using var model = OnnxModel.Load(path, new OnnxLoadOptions { Size = photographs.Size, Limits = SharedOptions.Limits(trust) }, cancellation);
        foreach (string note in model.Notes)
            CommandLine.Note(error, note);
        var shape = ModelData.PictureInput(model.Graph);
        var port = new OnnxDeclaration(model.Inputs[0].Name, model.Inputs[0].Type, [shape[0], shape[1], shape[2], shape[3]]);
        var preprocessing = ModelInputs.PreprocessingFor(port, model.Metadata, photographs);
        var data = DataArgument.Read(text, preprocessing, model.Metadata.Labels.Count > 0 ? model.Metadata.Labels : null, cancellation);
        foreach (string note in data.Notes)
            CommandLine.Note(error, note);
        using var host = NetworkHost.Open(where, error);
        using var network = host.Create(model.Graph, Environment.ProcessorCount);
        var evaluation = Evaluation.Of(network, data, ModelData.Statistics(preprocessing), batch: 1, cancellation);
        report.Write(new { evaluation.Accuracy, evaluation.Count, evaluation.Classes, evaluation.Confusion, evaluation.PerClass });
        Print(evaluation, report.Text);
        return ExitCode.Fine;
    }

    private static void Print(Evaluation evaluation, TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{evaluation.Accuracy:P2} of {evaluation.Count} pictures are named right."));
        for (int label = 0; label < evaluation.Classes.Count; label++)
        {
            var one = evaluation.PerClass[label];
            string mistakes = string.Join(", ", evaluation.Confusion[label].Select((count, called) => (Count: count, Called: called)).Where(entry => entry.Count > 0 && entry.Called != label)
                .OrderByDescending(entry => entry.Count).Select(entry => $"{evaluation.Classes[entry.Called]} {entry.Count}"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Name}: {one.Count} pictures, recall {one.Recall:P1}, precision {one.Precision:P1}{(mistakes.Length > 0 ? $"; taken for {mistakes}" : string.Empty)}"));
        }
    }
}
