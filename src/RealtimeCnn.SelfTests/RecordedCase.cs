using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.SelfTests;

/// <summary>A layer that computes what another library computed once: the outside truth beside the oracle, for layers that others have too.</summary>
/// <param name="Name">Under which tests/fixtures/pytorch_layers.json has inputs, parameters and result.</param>
/// <param name="Layer">What computes the same.</param>
internal sealed record RecordedCase(string Name, Layer Layer)
{
    /// <summary>Which output of the layer was recorded.</summary>
    public int Output { get; init; }

    /// <summary>What the layer is run for.</summary>
    public RunMode Mode { get; init; }
}
