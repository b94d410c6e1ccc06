using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>The parameters of several <see cref="Linear"/> layers one behind the other: for each its bias, then its weights as linear.comp reads them.</summary>
internal sealed record LinearChainPacking : Packing
{
    private readonly (Packing Bias, Packing Weights, int Parameters)[] _layers;

    /// <param name="chain">The layers' nodes.</param>
    public LinearChainPacking(IReadOnlyList<Node> chain)
        : this([.. chain.Select(node => Of((Linear)node.Layer))])
    {
    }

    private LinearChainPacking((Packing Bias, Packing Weights, int Parameters)[] layers)
        : base(layers.Sum(layer => (long)layer.Bias.Elements + layer.Weights.Elements))
    {
        _layers = layers;
        Begins = new int[layers.Length];
        for (int i = 1; i < layers.Length; i++)
            Begins[i] = Begins[i - 1] + layers[i - 1].Bias.Elements + layers[i - 1].Weights.Elements;
    }

    /// <summary>Where the parameters of each layer begin, in floats.</summary>
    public int[] Begins { get; }

    public bool Equals(LinearChainPacking? other) => other != null && _layers.SequenceEqual(other._layers);

    public override int GetHashCode() => _layers.Aggregate(0, HashCode.Combine);

    public override void Pack(IReadOnlyList<Parameter> sources, Span<float> packed, int from, int to)
    {
        int source = 0;
        for (int i = 0; i < _layers.Length; i++)
        {
            var (bias, weights, parameters) = _layers[i];
            var place = packed[Begins[i]..];
            bias.Pack(parameters > 1 ? [sources[source + 1]] : [], place[..bias.Elements]);
            weights.Pack([sources[source]], place.Slice(bias.Elements, weights.Elements));
            source += parameters;
        }
    }

    private static (Packing Bias, Packing Weights, int Parameters) Of(Linear layer)
    {
        int outputs = BlockedLayout.Blocks(layer.OutFeatures, GpuKernels.Block) * GpuKernels.Block;
        Packing bias = layer.HasBias ? new VectorPacking(layer.OutFeatures, GpuKernels.Block) : new FillPacking(outputs, 0);
        return (bias, new WeightPacking(layer.OutFeatures, layer.InFeatures, 1, GpuKernels.Block, GpuKernels.Block), layer.HasBias ? 2 : 1);
    }
}
