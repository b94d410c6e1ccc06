using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo.Modes.Why;

/// <summary>A model whose input comes back with its answer, to be asked why.</summary>
/// <param name="model">The model; stays its maker's.</param>
/// <param name="study">Gets the pictures.</param>
internal sealed class WhyNetwork(ShownModel model, WhyStudy study) : ISceneNetwork
{
    private const string Seen = "picture to explain";

    /// <summary>The model that answers.</summary>
    public ShownModel Model => model;

    public Graph Build(Size2d upright, out LiveOptions options)
    {
        var graph = model.Build(upright, out options);
        options = options with { HeadOutputs = options.Head == null ? null : graph.Outputs.Count };
        return graph.WithOutput(new Identity(), graph.Inputs[0], Seen);
    }

    public void Release(Graph graph)
    {
        // Its parameters are the model's.
    }

    public void Read(LiveResult result, Scene scene)
    {
        model.Read(result, scene);
        study.Take(model, result[Seen], result.Mapping, result.Sequence);
    }
}
