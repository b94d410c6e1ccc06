using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Graphs.Passes;

namespace RealtimeCnn.OpenGL;

/// <summary>Binds graphs to a backend by its name.</summary>
public static class Networks
{
    /// <summary>
    /// A network on the backend of a name. <c>cpu</c>; <c>gpu</c>: the device, and the CPU for what no shader computes; <c>auto</c>: the
    /// faster of the two. That is the CPU where the device is OpenGL in software or computes less than half of the work; else both are
    /// measured, once for each model, device and number of threads, which takes as long as making both networks and some runs of each,
    /// and is remembered (<see cref="GlDeviceOptions.CacheFolder"/>).
    /// <see cref="INetwork.Backend"/> says what it became, <see cref="INetwork.Choice"/> why.
    /// </summary>
    /// <param name="graph">What to compute; it must live as long as the network.</param>
    /// <param name="backend"><c>auto</c>, <c>cpu</c> or <c>gpu</c>.</param>
    /// <param name="device">The device; null where there is none.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no such backend, or the GPU is asked for without a device.</exception>
    /// <exception cref="ShapeException">The declared shapes do not fit.</exception>
    /// <exception cref="KeyNotFoundException">A kernel that is to be forced does not exist.</exception>
    /// <exception cref="GlException">The device cannot run the network, where it is to be measured.</exception>
    public static INetwork Create(Graph graph, string backend = "auto", GlDevice? device = null, NetworkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        options ??= new NetworkOptions();
        return Create(graph, backend, device, options, mayMeasure: true);
    }

    /// <summary>The same for a caller who may have no time for a measurement: what was measured earlier counts, else the rule.</summary>
    internal static INetwork Create(Graph graph, string backend, GlDevice? device, NetworkOptions options, bool mayMeasure) =>
        Create(graph, backend, device, options, device == null ? null : new BackendMeter(device, graph, options), mayMeasure);

    /// <summary>The same with a meter of the caller's.</summary>
    internal static INetwork Create(Graph graph, string backend, GlDevice? device, NetworkOptions options, BackendMeter? meter, bool mayMeasure = true)
    {
        if (BackendRule.WithoutGraph(backend, device?.Info) is { } reason)
            return new CpuNetwork(graph, options) { Reason = reason };

        var fusion = new Fusion(graph, options);
        fusion.Units().Finish();
        try
        {
            var cut = new GraphCut(fusion.Result!, [], device!, MixedNetwork.ForDevice(options, device!));
            var (taken, why) = BackendRule.ForGraph(backend, cut.CpuOps, cut.GpuShare);
            if (taken == "cpu")
                return new CpuNetwork(graph, options, pool: null, fusion) { Reason = why };
            var remembered = backend == "auto" ? meter!.Remembered : null;
            if (remembered is { DeviceWins: false })
                return new CpuNetwork(graph, options, pool: null, fusion) { Reason = remembered.Describe(device!.Info.Renderer) };
            Network network = taken == "gpu"
                ? new GpuNetwork(device!, graph, options, device!.Programs, fusion) { Reason = why }
                : new MixedNetwork(device!, graph, options, device!.Programs, fusion) { Reason = why };
            if (remembered != null)
                network.Reason = remembered.Describe(device!.Info.Renderer);
            return backend == "auto" && remembered == null && mayMeasure ? Faster(new CpuNetwork(graph, options), network, meter!, device!) : network;
        }
        catch
        {
            fusion.Dispose();
            throw;
        }
    }

    /// <summary>The faster of two networks; the other one is disposed.</summary>
    private static Network Faster(Network onCpu, Network onDevice, BackendMeter meter, GlDevice device)
    {
        try
        {
            var times = meter.Compare(onCpu, onDevice);
            var (taken, left) = times.DeviceWins ? (onDevice, onCpu) : (onCpu, onDevice);
            left.Dispose();
            taken.Reason = times.Describe(device.Info.Renderer);
            return taken;
        }
        catch
        {
            onCpu.Dispose();
            onDevice.Dispose();
            throw;
        }
    }
}
