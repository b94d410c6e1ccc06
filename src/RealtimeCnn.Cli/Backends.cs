using System.CommandLine;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Cli;

/// <summary>Where a network runs.</summary>
internal enum Backend
{
    Cpu,
    Gpu,
}

/// <summary>The <c>--backend</c> option, and networks on either backend.</summary>
internal static class Backends
{
    public static Option<Backend> Option()
    {
        var option = new Option<Backend>("--backend")
        {
            Description = "Where to run: cpu, or gpu for OpenGL compute shaders.",
            HelpName = "cpu|gpu",
            DefaultValueFactory = _ => Backend.Cpu,
            CustomParser = result => Enum.Parse<Backend>(result.Tokens[0].Value, ignoreCase: true),
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && token.Value is not ("cpu" or "gpu"))
                result.AddError($"'{token.Value}' is no backend; there are cpu and gpu.");
        });
        return option;
    }

    /// <summary>Binds a graph to a backend. The graph must live as long as the result.</summary>
    /// <exception cref="GlException">There is no OpenGL 4.3 on this machine.</exception>
    public static BackendNetwork Open(Backend backend, Graph graph) =>
        backend == Backend.Cpu ? new CpuBackendNetwork(graph) : new GpuBackendNetwork(graph);
}

/// <summary>A network on either backend.</summary>
internal abstract class BackendNetwork : IDisposable
{
    /// <summary>Computes the outputs, in order. They belong to the network and hold until the next run.</summary>
    public abstract IReadOnlyList<Tensor> Run(params ReadOnlySpan<Tensor> inputs);

    public abstract void Dispose();
}

internal sealed class CpuBackendNetwork(Graph graph) : BackendNetwork
{
    private readonly CpuNetwork _network = new(graph);

    public override IReadOnlyList<Tensor> Run(params ReadOnlySpan<Tensor> inputs) => _network.Run(inputs);

    public override void Dispose() => _network.Dispose();
}

internal sealed class GpuBackendNetwork : BackendNetwork
{
    private readonly EglHost _host = EglHost.Create();
    private readonly GpuNetwork _network;
    private IReadOnlyList<Tensor> _outputs = [];

    public GpuBackendNetwork(Graph graph) => _network = new GpuNetwork(_host.Device, graph);

    public override IReadOnlyList<Tensor> Run(params ReadOnlySpan<Tensor> inputs)
    {
        DisposeOutputs();
        return _outputs = _network.Run(inputs);
    }

    public override void Dispose()
    {
        DisposeOutputs();
        _network.Dispose();
        _host.Dispose();
    }

    private void DisposeOutputs()
    {
        foreach (var output in _outputs)
            output.Dispose();
        _outputs = [];
    }
}
