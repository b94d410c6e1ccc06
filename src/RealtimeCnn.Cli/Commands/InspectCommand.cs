using System.CommandLine;
using System.Globalization;
using RealtimeCnn.Cli.Models;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Cli.Commands;

/// <summary>
/// <c>rtcnn inspect</c>: a model's inputs, outputs and metadata, and its layers with shapes, edges, parameters, connections and
/// multiply-accumulates, as a table or as JSON.
/// </summary>
internal static class InspectCommand
{
    private const int LabelsShown = 3, LettersShown = 1000;

    public static Command Create()
    {
        var model = ModelArgument.Create();
        var size = SharedOptions.Size();
        var trust = SharedOptions.Trust();
        var json = new JsonOption();
        var command = new Command("inspect", "Show the ends and the layers of a model and what they cost.") { model, size, trust };
        json.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var report = json.Read(parsed);
            using var opened = ModelArgument.Open(parsed.GetRequiredValue(model), parsed.GetValue(size), parsed.GetValue(trust), parsed.InvocationConfiguration.Error, cancellation);
            var summary = opened.Graph.Summary();
            WriteTable(opened, summary, report.Text);
            report.Write(Data(opened, summary));
            return ExitCode.Fine;
        });
        return command;
    }

    private static void WriteTable(OpenedModel model, GraphSummary summary, TextWriter output)
    {
        foreach (var end in Inputs(model))
            output.WriteLine($"input     {end.Name}: {end.Type} {new Shape(end.Shape)}");
        foreach (var end in Outputs(model, summary))
            output.WriteLine($"output    {end.Name}: {end.Type} {new Shape(end.Shape)}");
        if (model.File is { } file)
        {
            output.WriteLine($"format    ONNX, operator set {file.Opset}, IR version {file.IrVersion}");
            foreach (var (key, text) in Metadata(file.Metadata))
                output.WriteLine($"metadata  {key}: {text}");
            output.WriteLine($"head      {HeadOf(model)}");
        }

        output.WriteLine();
        output.Write(summary.ToString());
    }

    private static object Data(OpenedModel model, GraphSummary summary) => new
    {
        summary.Parameters,
        Macs = summary.MultiplyAccumulates,
        Inputs = Inputs(model),
        Outputs = Outputs(model, summary),
        model.File?.Opset,
        model.File?.IrVersion,
        Metadata = model.File?.Metadata.Entries,
        Head = model.File == null ? null : HeadOf(model),
        Layers = model.Graph.Nodes.Zip(summary.Nodes, (node, costs) => new
        {
            costs.Name,
            Type = costs.Layer,
            Inputs = node.Inputs.Select(input => input.Name),
            Shape = costs.Output.ToArray(),
            costs.Parameters,
            Macs = costs.MultiplyAccumulates,
            costs.DenseConnections,
            costs.SparseConnections,
            costs.SharedWeights,
        }),
    };

    private static IEnumerable<End> Inputs(OpenedModel model) => model.File is { } file
        ? file.Inputs.Select(End.Of)
        : model.Graph.Inputs.Select(node => new End(node.Name, TypeName(OnnxType.Float), ((Input)node.Layer).Shape.ToArray()));

    private static IEnumerable<End> Outputs(OpenedModel model, GraphSummary summary)
    {
        if (model.File is { } file)
            return file.Outputs.Select(End.Of);
        var shapes = summary.Nodes.ToDictionary(node => node.Name, node => node.Output);
        return model.Graph.Outputs.Select(node => new End(node.Name, TypeName(OnnxType.Float), shapes[node.Name].ToArray()));
    }

    private static IEnumerable<(string Key, string Text)> Metadata(OnnxMetadata metadata) => metadata.Entries.Select(entry => entry.Key == "labels"
        ? (entry.Key, string.Create(CultureInfo.InvariantCulture, $"{metadata.Labels.Count}: {string.Join(", ", metadata.Labels.Take(LabelsShown))}{(metadata.Labels.Count > LabelsShown ? ", …" : string.Empty)}"))
        : (entry.Key, Shortened(entry.Value).ReplaceLineEndings(" ")));

    // Such as the examples of what was taught.
    private static string Shortened(string text) => text.Length <= LettersShown ? text : $"{text[..(LettersShown / 10)]}… ({text.Length} letters)";

    /// <summary>What the head is, or why there is none.</summary>
    private static string HeadOf(OpenedModel model)
    {
        try
        {
            return model.Card().Said;
        }
        catch (OnnxException problem)
        {
            return problem.Message;
        }
    }

    private static string TypeName(OnnxType type) => type.ToString().ToLowerInvariant();

    /// <summary>An input or output.</summary>
    private sealed record End(string Name, string Type, int[] Shape)
    {
        public static End Of(OnnxPort port) => new(port.Name, TypeName(port.Type), port.Shape.ToArray());
    }
}
