using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.SelfTests;

/// <summary>
/// A layer on the largest tensors that a plan allows, 2^30 floats: a plane of one channel in a block, with <see cref="Side"/> rows and
/// columns. All elements are 0 but the last one, which is 3; weights are 1 in the middle of their window and 0 elsewhere, other parameters 1.
/// </summary>
/// <param name="Layer">What is computed.</param>
/// <param name="Last">The last element of the output.</param>
internal sealed record VastCase(Layer Layer, float Last)
{
    /// <summary>Rows and columns of the plane.</summary>
    public const int Side = 1 << 13;

    /// <summary>Whether the input is a row of 2^30 elements instead.</summary>
    public bool IsRow { get; init; }

    /// <summary>Whether the first element is 3 instead of the last one.</summary>
    public bool MarksFirst { get; init; }

    /// <summary>What the layer is run for.</summary>
    public RunMode Mode { get; init; }

    public override string ToString() => $"{Layer} of {(IsRow ? "a row" : "a plane")}";
}
