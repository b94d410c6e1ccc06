using System.CommandLine;
using RealtimeCnn.Graphs;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Cli.Models;

/// <summary>Where the networks of a command run: what <c>--backend</c> and <c>--gl</c> say, and one OpenGL context for all of them.</summary>
internal sealed class NetworkHost : IDisposable
{
    private const string Cpu = "cpu", Gpu = "gpu", Auto = "auto", None = "none";
    private readonly string _backend;
    private readonly EglHost? _host;
    private readonly HalfStorage _halves;
    private readonly TextWriter _notes;

    private NetworkHost(string backend, EglHost? host, HalfStorage halves, TextWriter notes) => (_backend, _host, _halves, _notes) = (backend, host, halves, notes);

    /// <summary>Opens what the options name.</summary>
    /// <param name="place">Their words.</param>
    /// <param name="notes">Gets one line that says what <c>auto</c> became and why.</param>
    /// <exception cref="GlException">The GPU was asked for and there is no such OpenGL.</exception>
    public static NetworkHost Open(Place place, TextWriter notes)
    {
        string backend = place.Backend;
        if (backend == Cpu)
            return new NetworkHost(Cpu, null, place.Halves, notes);
        if (DeviceHosts.TryOpen(() => EglHost.Create(options: place.Gl), host => host.Device.Info, mayFail: backend == Auto, mayBeSoftware: backend == Gpu, out string? reason) is { } opened)
            return new NetworkHost(backend, opened, place.Halves, notes);
        CommandLine.Note(notes, $"{reason} Networks run on the CPU path.");
        return new NetworkHost(Cpu, null, place.Halves, notes);
    }

    /// <summary>The programs that the networks have asked for on the device: compiled now, and by an earlier start; null without a device.</summary>
    public (int Compiled, int Loaded)? Programs => _host?.Device.ProgramCounts;

    /// <summary>Binds a graph, which must live as long as the network; for <c>auto</c>, the graph decides too.</summary>
    /// <param name="graph">What to compute.</param>
    /// <param name="threads">Threads on the CPU.</param>
    /// <param name="mode">What it is for.</param>
    /// <param name="isOneOfMany">Whether so many follow each other that the user wants no line about each.</param>
    public INetwork Create(Graph graph, int threads, RunMode mode = default, bool isOneOfMany = false)
    {
        var network = Networks.Create(graph, _backend, _host?.Device, new NetworkOptions { Threads = threads, Mode = mode, Halves = _halves });
        if (_backend == Auto && !isOneOfMany)
            CommandLine.Note(_notes, $"auto is {network.Choice}");
        return network;
    }

    public void Dispose() => _host?.Dispose();

    /// <summary>What the options of every command that runs networks say.</summary>
    /// <param name="Backend">The word of <c>--backend</c>.</param>
    /// <param name="Gl">What an OpenGL context is asked for.</param>
    /// <param name="Halves">What OpenGL stores as halves.</param>
    internal sealed record Place(string Backend, GlDeviceOptions Gl, HalfStorage Halves = HalfStorage.None);

    /// <summary>The options <c>--backend</c>, <c>--gl</c> and <c>--halves</c> of every command that runs networks.</summary>
    internal sealed class PlaceOptions
    {
        private readonly GlOption _gl = new();
        private readonly Option<string> _backend = new Option<string>("--backend")
        {
            Description = "Where to run: the CPU; OpenGL compute shaders, and the CPU for layers that have none; or auto: the faster of the two, which is the CPU where OpenGL is software, and is measured once for each model and GPU.",
            DefaultValueFactory = _ => Cpu,
        }.OneOf(Cpu, Gpu, Auto);

        private readonly Option<string> _halves = new Option<string>("--halves")
        {
            Description = "What OpenGL stores in 16 bits instead of 32: nothing, weights, or all: weights and the values between layers.",
            DefaultValueFactory = _ => None,
        }.OneOf(None, "weights", "all");

        public void AddTo(Command command)
        {
            command.Options.Add(_halves);
            command.Options.Add(_backend);
            _gl.AddTo(command);
        }

        public Place Read(ParseResult parsed) => new(parsed.GetRequiredValue(_backend), _gl.Read(parsed), Enum.Parse<HalfStorage>(parsed.GetRequiredValue(_halves), ignoreCase: true));
    }
}
