using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo.Recognition;

/// <summary>A layer of a network whose maps are shown.</summary>
/// <param name="Name">Of the value.</param>
/// <param name="Title">What it computes.</param>
/// <param name="Shape">Of its maps, <c>[1, C, H, W]</c>.</param>
/// <param name="Size">The shape in words.</param>
internal sealed record ShownLayer(string Name, string Title, Shape Shape, string Size);

/// <summary>A model together with what goes on inside: the maps of each of its layers can be drawn. It answers through the model.</summary>
/// <param name="model">The model; stays its maker's.</param>
internal sealed class LayeredModel(ShownModel model) : ISceneNetwork
{
    /// <summary>The model that answers.</summary>
    public ShownModel Model => model;

    /// <summary>Its layers that have maps, in order: each with what is fused into it.</summary>
    public IReadOnlyList<ShownLayer> Layers { get; } = [.. LayersOf(model.Graph).Select(layer => layer.Shown)];

    public Graph Build(Size2d upright, out LiveOptions options)
    {
        var graph = model.Build(upright, out options);
        var layers = LayersOf(graph);
        options = options with { Drawn = [.. layers.Select(layer => layer.Shown.Name)] };
        return graph.WithOutputs(layers.Select(layer => layer.Node));
    }

    public void Release(Graph graph)
    {
        // Its parameters are the model's.
    }

    public void Read(LiveResult result, Scene scene) => model.Read(result, scene);

    // A value that only an activation or a normalisation reads is no picture of its own: that comes after it.
    private static List<(Node Node, ShownLayer Shown)> LayersOf(Graph graph)
    {
        var shapes = graph.InferShapes();
        var readers = graph.Nodes.SelectMany(node => node.Inputs.Select(input => (Input: input, Reader: node))).ToLookup(edge => edge.Input, edge => edge.Reader);
        List<(Node, ShownLayer)> layers = [];
        foreach (var node in graph.Nodes)
        {
            var shape = shapes[node];
            if (node.Layer is Input || graph.Outputs.Contains(node) || shape is not { Rank: 4, Batch: 1, Area: > 1 })
                continue;
            if (readers[node].ToList() is [{ Layer: BatchNorm2d or ActivationLayer }])
                continue;
            layers.Add((node, new ShownLayer(node.Name, LayerTitles.Of(node), shape, $"{shape.Channels} maps {shape.Width}×{shape.Height}")));
        }

        return layers;
    }
}
