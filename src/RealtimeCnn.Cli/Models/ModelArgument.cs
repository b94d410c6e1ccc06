using System.CommandLine;
using RealtimeCnn.Graphs;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Cli.Models;

/// <summary>The MODEL of a command line: the name of a classic network, or an ONNX file.</summary>
internal static class ModelArgument
{
    public static Argument<string> Create() => new("model")
    {
        Description = $"An .onnx file, or a classic network with random weights: {string.Join(", ", ModelCatalog.Names)}.",
    };

    /// <summary>The graph of a model; the caller disposes it after the networks that were made of it.</summary>
    /// <exception cref="InputException">There is no such name and no such file.</exception>
    /// <exception cref="OnnxException">The file cannot be used.</exception>
    public static OpenedModel Open(string model)
    {
        if (ModelCatalog.Contains(model))
        {
            var graph = ModelCatalog.Create(model);
            return new OpenedModel(graph, graph);
        }

        if (!File.Exists(model))
            throw new InputException($"'{model}' is neither an .onnx file nor one of the networks {string.Join(", ", ModelCatalog.Names)}.");
        var file = OnnxModel.Load(model);
        return new OpenedModel(file.Graph, file);
    }
}

/// <summary>A graph and whatever owns it.</summary>
internal sealed class OpenedModel(Graph graph, IDisposable owner) : IDisposable
{
    public Graph Graph { get; } = graph;

    public void Dispose() => owner.Dispose();
}
