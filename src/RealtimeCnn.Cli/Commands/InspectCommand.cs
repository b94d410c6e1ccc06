using System.CommandLine;
using System.Text.Json;
using RealtimeCnn.Cli.Models;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Cli.Commands;

/// <summary><c>rtcnn inspect</c>: a model's layers, shapes, parameters, connections and multiply-accumulates, as a table or as JSON.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var model = ModelArgument.Create();
        var json = new Option<bool>("--json") { Description = "Write JSON instead of a table." };
        var command = new Command("inspect", "Show the layers of a model and what they cost.") { model, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(model), parsed.GetValue(json), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Run(string name, bool json, TextWriter output)
    {
        using var model = ModelArgument.Open(name);
        var summary = model.Graph.Summary();
        output.Write(json ? $"{JsonSerializer.Serialize(Data(summary), Json.Indented)}{Environment.NewLine}" : summary.ToString());
        return ExitCode.Fine;
    }

    private static object Data(GraphSummary summary) => new
    {
        summary.Parameters,
        Macs = summary.MultiplyAccumulates,
        Layers = summary.Nodes.Select(node => new
        {
            node.Name,
            Type = node.Layer,
            Shape = node.Output.ToArray(),
            node.Parameters,
            Macs = node.MultiplyAccumulates,
            node.DenseConnections,
            node.SparseConnections,
            node.SharedWeights,
        }),
    };
}
