using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Interpretation;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo.Modes.Wall;

/// <summary>A model with all of its layers drawn, and gains behind those that the user has touched. It answers through the model.</summary>
internal sealed class WallNetwork : ISceneNetwork
{
    private const string Seen = "picture on the wall";
    private readonly ChannelStudy _study;

    /// <param name="model">The model; stays its maker's.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="gains">Of its channels.</param>
    /// <param name="gained">Names of the nodes that have some.</param>
    /// <param name="study">Gets pictures as the network sees them, when it has time.</param>
    public WallNetwork(ShownModel model, IReadOnlyList<WallLayer> layers, ChannelGains gains, IReadOnlyCollection<string> gained, ChannelStudy study)
    {
        (Model, Layers, _study) = (model, layers, study);
        Gained = gained.Count == 0 ? model.Graph : gains.Behind(gained);
    }

    /// <summary>The model that answers.</summary>
    public ShownModel Model { get; }

    /// <summary>Its layers.</summary>
    public IReadOnlyList<WallLayer> Layers { get; }

    /// <summary>What it computes; shares the model's parameters.</summary>
    public Graph Gained { get; }

    /// <summary>Where the places of its input lie in the newest picture; null before the first.</summary>
    public PictureMapping? Mapping { get; private set; }

    public Graph Build(Size2d upright, out LiveOptions options)
    {
        Model.Build(upright, out options);
        var graph = Gained;
        foreach (var layer in Layers)
        {
            var node = Gained[layer.Node.Name];
            graph = layer.Drawn == node.Name
                ? graph.WithOutputs(node)
                : graph.WithOutput(layer.IsVector ? new Reshape(1, layer.Shape.Channels, 1, 1) : new Identity(), node, layer.Drawn);
        }

        options = options with { Drawn = [.. Layers.Select(layer => layer.Drawn)], HeadOutputs = options.Head == null ? null : Gained.Outputs.Count };
        return graph.WithOutput(new Identity(), graph.Inputs[0], Seen);
    }

    public void Release(Graph graph)
    {
        // Its parameters are the model's.
    }

    public void Read(LiveResult result, Scene scene)
    {
        Model.Read(result, scene);
        Mapping = result.Mapping;
        _study.Take(Model, result[Seen], result.Mapping, result.Sequence);
    }
}
