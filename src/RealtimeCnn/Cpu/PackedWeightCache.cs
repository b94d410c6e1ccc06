using RealtimeCnn.Graphs;

namespace RealtimeCnn.Cpu;

/// <summary>Packed parameters of a network, each made once and shared by its plans.</summary>
internal sealed class PackedWeightCache : IDisposable
{
    private readonly Dictionary<(Node, string), (PackedWeights Weights, Tensor Tensor)> _packed = [];

    public Tensor Get(Node node, PackedWeights weights)
    {
        if (!_packed.TryGetValue((node, weights.Format), out var packed))
        {
            var tensor = new Tensor(new Shape(weights.Elements));
            try
            {
                weights.Pack(tensor.Span);
            }
            catch
            {
                tensor.Dispose();
                throw;
            }

            _packed.Add((node, weights.Format), packed = (weights, tensor));
        }

        return packed.Tensor;
    }

    /// <summary>Packs all again, after parameters were changed. Allocates nothing.</summary>
    public void Repack()
    {
        foreach (var (weights, tensor) in _packed.Values)
        {
            tensor.Span.Clear();
            weights.Pack(tensor.Span);
        }
    }

    public void Dispose()
    {
        foreach (var (_, tensor) in _packed.Values)
            tensor.Dispose();
        _packed.Clear();
    }
}
