using System.Net;
using System.Net.WebSockets;
using RealtimeCnn.Demo;
using RealtimeCnn.Studio;

namespace RealtimeCnn.Tests.Studio;

/// <summary>A studio that several tests visit.</summary>
public sealed class VisitedStudio : IAsyncLifetime
{
    /// <summary>The studio.</summary>
    internal StartedStudio Studio { get; private set; } = null!;

    public async Task InitializeAsync() => Studio = await StartedStudio.StartAsync();

    public async Task DisposeAsync() => await Studio.DisposeAsync();
}

/// <summary>A studio on a port of its own, on the CPU path, until it is disposed.</summary>
internal sealed class StartedStudio : IAsyncDisposable
{
    private readonly CancellationTokenSource _interrupted = new();
    private readonly Task _running;
    private readonly StudioRun _run;

    private StartedStudio(StudioOptions options, TextWriter messages, Action<Uri> listening)
    {
        _run = new StudioRun(options, TextWriter.Synchronized(messages)) { Listening = listening };
        _running = Task.Factory.StartNew(() => _run.Run(_interrupted.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Where its page is, with the token where it needs one.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The demo behind the page; null for the moments between two.</summary>
    public RunningDemo? Demo => _run.Shared?.Demo;

    /// <summary>What it told the user.</summary>
    public StringWriter Messages { get; private init; } = null!;

    /// <summary>Starts one.</summary>
    public static async Task<StartedStudio> StartAsync(string source = "numbers", string mode = "find", string? token = null, IPAddress? host = null, long mostModelBytes = 64 << 20, Size2d? size = null, string backend = "cpu")
    {
        var demo = new DemoOptions { Source = source, Mode = mode, Window = "none", Backend = backend, Size = size ?? new Size2d(240, 320) };
        var opened = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var messages = new StringWriter();
        var studio = new StartedStudio(new StudioOptions(demo, host ?? IPAddress.Loopback, 0, token) { MostModelBytes = mostModelBytes }, messages, opened.SetResult) { Messages = messages };
        if (await Task.WhenAny(opened.Task, studio._running) == studio._running)
            await studio._running;
        studio.Address = await opened.Task;
        return studio;
    }

    /// <summary>Watches as a page does.</summary>
    public async Task<ClientWebSocket> WatchAsync(Action<ClientWebSocketOptions>? options = null)
    {
        var socket = new ClientWebSocket();
        options?.Invoke(socket.Options);
        await socket.ConnectAsync(new UriBuilder(Address) { Scheme = "ws", Path = "/live" }.Uri, CancellationToken.None);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        await _interrupted.CancelAsync();
        await _running;
        _interrupted.Dispose();
        await Messages.DisposeAsync();
    }
}
