using RealtimeCnn.Graphs;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Packed parameters of a network in GPU memory, each made once and shared by its plans.</summary>
internal sealed class GpuWeightCache(GlDevice device) : IDisposable
{
    private readonly Dictionary<(Node, string), (GpuBuffer Buffer, GpuBufferView View)> _packed = [];

    /// <summary>Bytes in GPU memory.</summary>
    public long Bytes => _packed.Values.Sum(entry => entry.Buffer.Bytes);

    public GpuBufferView Get(Node node, PackedWeights weights)
    {
        if (_packed.TryGetValue((node, weights.Format), out var entry))
            return entry.View;
        using var values = new Tensor(new Shape(Math.Max((weights.Elements + 3) / 4 * 4, 4)));
        weights.Pack(values.Span[..weights.Elements]);
        var buffer = GpuBuffer.Create<float>(device, values.Span, $"{node.Name} {weights.Format}");
        var view = new GpuBufferView(buffer, 0, buffer.Bytes);
        _packed.Add((node, weights.Format), (buffer, view));
        return view;
    }

    public void Dispose()
    {
        foreach (var (buffer, view) in _packed.Values)
        {
            view.Dispose();
            buffer.Dispose();
        }

        _packed.Clear();
    }
}
