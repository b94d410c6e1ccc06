using RealtimeCnn.Graphs;

namespace RealtimeCnn.Cpu;

/// <summary>Packed parameters of a network, each made once and shared by its plans.</summary>
internal sealed class PackedWeightCache : IDisposable
{
    private readonly Dictionary<(Node, string), Tensor> _packed = [];

    public Tensor Get(Node node, PackedWeights weights)
    {
        if (!_packed.TryGetValue((node, weights.Format), out var tensor))
        {
            tensor = new Tensor(new Shape(weights.Elements));
            try
            {
                weights.Pack(tensor.Span);
            }
            catch
            {
                tensor.Dispose();
                throw;
            }

            _packed.Add((node, weights.Format), tensor);
        }

        return tensor;
    }

    public void Dispose()
    {
        foreach (var tensor in _packed.Values)
            tensor.Dispose();
        _packed.Clear();
    }
}
