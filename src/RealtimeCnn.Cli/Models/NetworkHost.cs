using System.CommandLine;
using RealtimeCnn.Graphs;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Cli.Models;

/// <summary>Where the networks of a command run: what <c>--backend</c> says, and one OpenGL context for all of them.</summary>
internal sealed class NetworkHost : IDisposable
{
    private const string Cpu = "cpu", Gpu = "gpu", Auto = "auto";
    private readonly string _backend;
    private readonly EglHost? _host;

    private NetworkHost(string backend, EglHost? host) => (_backend, _host) = (backend, host);

    /// <summary>The <c>--backend</c> option of every command that runs networks.</summary>
    public static Option<string> Option() => new Option<string>("--backend")
    {
        Description = "Where to run: the CPU; OpenGL compute shaders, and the CPU for layers that have none; or auto: the GPU where there is a real one and it computes most of the work.",
        DefaultValueFactory = _ => Cpu,
    }.OneOf(Cpu, Gpu, Auto);

    /// <summary>Opens what the option names.</summary>
    /// <param name="backend">Its word.</param>
    /// <param name="notes">Gets one line where <c>auto</c> has no GPU to take, whatever the model.</param>
    /// <exception cref="GlException">The GPU was asked for and there is no OpenGL 4.3.</exception>
    public static NetworkHost Open(string backend, TextWriter notes)
    {
        if (backend == Cpu)
            return new NetworkHost(Cpu, null);
        if (DeviceHosts.TryOpen(() => EglHost.Create(), host => host.Device.Info, mayFail: backend == Auto, mayBeSoftware: backend == Gpu, out string? reason) is { } opened)
            return new NetworkHost(backend, opened);
        CommandLine.Note(notes, $"{reason} Networks run on the CPU path.");
        return new NetworkHost(Cpu, null);
    }

    /// <summary>Binds a graph, which must live as long as the network; for <c>auto</c>, the graph decides too.</summary>
    public INetwork Create(Graph graph, int threads, RunMode mode = default) => Networks.Create(graph, _backend, _host?.Device, new NetworkOptions { Threads = threads, Mode = mode });

    public void Dispose() => _host?.Dispose();
}
