using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Graphs.Passes;

namespace RealtimeCnn.OpenGL;

/// <summary>Binds graphs to a backend by its name.</summary>
public static class Networks
{
    /// <summary>
    /// A network on the backend of a name. <c>cpu</c>; <c>gpu</c>: the device, and the CPU for what no shader computes; <c>auto</c>: the
    /// device where it is no OpenGL in software and computes at least half of the work, else the CPU.
    /// <see cref="INetwork.Backend"/> says what it became, <see cref="INetwork.Choice"/> why.
    /// </summary>
    /// <param name="graph">What to compute; it must live as long as the network.</param>
    /// <param name="backend"><c>auto</c>, <c>cpu</c> or <c>gpu</c>.</param>
    /// <param name="device">The device; null where there is none.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no such backend, or the GPU is asked for without a device.</exception>
    /// <exception cref="ShapeException">The declared shapes do not fit.</exception>
    /// <exception cref="KeyNotFoundException">A kernel that is to be forced does not exist.</exception>
    public static INetwork Create(Graph graph, string backend = "auto", GlDevice? device = null, NetworkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        options ??= new NetworkOptions();
        if (BackendRule.WithoutGraph(backend, device?.Info) is { } reason)
            return new CpuNetwork(graph, options) { Reason = reason };

        var fusion = new Fusion(graph, options);
        fusion.Units().Finish();
        try
        {
            var cut = new GraphCut(fusion.Result!, [], device!, MixedNetwork.ForDevice(options, device!));
            var (taken, why) = BackendRule.ForGraph(backend, cut.CpuOps, cut.GpuShare);
            return taken switch
            {
                "gpu" => new GpuNetwork(device!, graph, options, device!.Programs, fusion) { Reason = why },
                "mixed" => new MixedNetwork(device!, graph, options, device!.Programs, fusion) { Reason = why },
                _ => new CpuNetwork(graph, options, pool: null, fusion) { Reason = why },
            };
        }
        catch
        {
            fusion.Dispose();
            throw;
        }
    }
}
