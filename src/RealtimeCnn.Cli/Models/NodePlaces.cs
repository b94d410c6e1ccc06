using RealtimeCnn.Layers;

namespace RealtimeCnn.Cli.Models;

/// <summary>Where a network's nodes run, as reports say it.</summary>
/// <param name="GpuNodes">Nodes that shaders compute.</param>
/// <param name="CpuNodes">Nodes that the CPU computes.</param>
/// <param name="CpuOps">The layers of those, each once.</param>
internal sealed record NodePlaces(int GpuNodes, int CpuNodes, IReadOnlyList<string> CpuOps)
{
    public static NodePlaces Of(INetwork network)
    {
        var places = network.Graph.Nodes.Where(node => node.Layer is not (Input or Constant)).ToLookup(network.BackendOf);
        return new NodePlaces(
            places["gpu"].Count(), places["cpu"].Count(),
            [.. places["cpu"].Select(node => node.Layer.GetType().Name).Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>In one line, the layers named where the GPU was asked for.</summary>
    public string Describe(string backend) =>
        $"{GpuNodes} nodes on the GPU, {CpuNodes} on the CPU{(backend != "cpu" && CpuNodes > 0 ? $" ({string.Join(", ", CpuOps)})" : string.Empty)}";
}
