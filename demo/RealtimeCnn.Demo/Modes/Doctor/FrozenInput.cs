using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo.Modes.Doctor;

/// <summary>What a model would get of each picture: the newest is at hand in memory, to be examined.</summary>
/// <param name="model">The model; stays its maker's.</param>
internal sealed class FrozenInput(ShownModel model) : ISceneNetwork
{
    private readonly float[] _seen = new float[model.Input.Count];

    /// <summary>The model.</summary>
    public ShownModel Model => model;

    /// <summary>Whether a picture has come.</summary>
    public bool HasSeen { get; private set; }

    /// <summary>Whether the one that came last is kept, whatever comes after it.</summary>
    public bool IsHeld { get; set; }

    /// <summary>A copy of what the model gets of it.</summary>
    public Tensor Copy()
    {
        var copy = new Tensor(model.Input);
        _seen.CopyTo(copy.Span);
        return copy;
    }

    public Graph Build(Size2d upright, out LiveOptions options)
    {
        options = new LiveOptions { Preprocessing = model.Preprocessing };
        var builder = new GraphBuilder();
        return builder.Build(builder.Add(new Identity(), builder.Input("picture", model.Input), name: "seen"));
    }

    public void Release(Graph graph) => graph.Dispose();

    public void Read(LiveResult result, Scene scene)
    {
        if (IsHeld)
            return;
        result.Outputs[0].Span.CopyTo(_seen);
        HasSeen = true;
    }
}
