using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RealtimeCnn.Studio.Looking;
using RealtimeCnn.Studio.Watching;

namespace RealtimeCnn.Studio.Serving;

/// <summary>Serves the page, on ASP.NET Core's own server: its files, the live WebSocket, studies of the network, and models that are dropped.</summary>
internal sealed class PageServer : IDisposable
{
    private static readonly TimeSpan StudyPatience = TimeSpan.FromSeconds(60), DropPatience = TimeSpan.FromSeconds(60), EndPatience = TimeSpan.FromSeconds(3);
    private readonly SharedState _shared;
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _ended = new();
    private volatile StudyResult? _study;

    private PageServer(StudioOptions options, SharedState shared)
    {
        _shared = shared;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Listen(options.Host, options.Port, endpoint => endpoint.Protocols = HttpProtocols.Http1);
            server.Limits.MaxRequestBodySize = 0;
            server.Limits.MaxRequestHeadersTotalSize = 16 << 10;
            server.Limits.MaxRequestLineSize = 4 << 10;
            server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            server.Limits.MaxConcurrentConnections = 128;
            server.Limits.MaxConcurrentUpgradedConnections = 2 * Viewers.MostViewers;
        });
        builder.Services.AddRoutingCore();
        // Ctrl+C is the command's.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        _app = builder.Build();
        var gate = new Gate(options.Token, IPAddress.IsLoopback(options.Host));
        _app.Use(gate.PassAsync);
        _app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(10), KeepAliveTimeout = TimeSpan.FromSeconds(20) });
        foreach (var file in PageFile.All)
            _app.MapGet(file.Path, context => SendAsync(context, file.ContentType, file.Bytes));
        _app.MapGet("/live", WatchAsync);
        _app.MapPost("/study", StudyAsync);
        _app.MapGet("/study/{study:int}/{layer:int}.png", context => SendMapsAsync(context, "image/png", maps => maps.ToPng()));
        _app.MapGet("/study/{study:int}/{layer:int}.json", context => SendMapsAsync(context, "application/json", maps => maps.RangesToJson()));
        _app.MapPost("/model", DropAsync);
        _app.MapFallback(context => SayAsync(context, StatusCodes.Status404NotFound, "There is nothing here; the page is '/'."));
    }

    /// <summary>The page, with the token where it needs one.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Starts to serve.</summary>
    /// <exception cref="StudioException">The port is taken, or the address is none of this machine's.</exception>
    public static PageServer Start(StudioOptions options, SharedState shared)
    {
        var server = new PageServer(options, shared);
        try
        {
            server._app.StartAsync().GetAwaiter().GetResult();
            server.Address = server.AddressOf(options);
            return server;
        }
        catch (Exception problem) when (problem is IOException or SocketException)
        {
            server.Dispose();
            string advice = problem is IOException ? "another program listens there already: take another --port, or 0 for any that is free"
                : $"{problem.Message}; --host is an address of this machine, and --port above 1023";
            throw new StudioException($"The page cannot be served on {new IPEndPoint(options.Host, options.Port)}: {advice}.", problem);
        }
    }

    public void Dispose()
    {
        _ended.Cancel();
        using (var patience = new CancellationTokenSource(EndPatience))
            _app.StopAsync(patience.Token).GetAwaiter().GetResult();
        _app.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _ended.Dispose();
    }

    private Uri AddressOf(StudioOptions options)
    {
        string bound = _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        var address = new UriBuilder(bound);
        // Every address is one that a browser cannot open.
        if (options.Host.Equals(IPAddress.Any) || options.Host.Equals(IPAddress.IPv6Any))
            address.Host = Dns.GetHostName();
        if (options.Token is { } token)
            address.Query = $"{Gate.Parameter}={token}";
        return address.Uri;
    }

    private async Task WatchAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await SayAsync(context, StatusCodes.Status426UpgradeRequired, "This is a WebSocket.").ConfigureAwait(false);
            return;
        }

        if (_shared.Viewers.IsFull)
        {
            await SayAsync(context, StatusCodes.Status503ServiceUnavailable, $"{Viewers.MostViewers} pages watch already, and more cannot; close one.").ConfigureAwait(false);
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
        var viewer = new Viewer(socket, _shared);
        if (!_shared.Viewers.TryAdd(viewer))
            return;
        try
        {
            await viewer.RunAsync(_ended.Token).ConfigureAwait(false);
        }
        finally
        {
            _shared.Viewers.Remove(viewer);
        }
    }

    private Task StudyAsync(HttpContext context) => AnswerAsync(context, async demo =>
    {
        _study = await demo.StudyAsync().WaitAsync(StudyPatience, context.RequestAborted).ConfigureAwait(false);
        await SendAsync(context, "application/json", _study.Json).ConfigureAwait(false);
    });

    private Task SendMapsAsync(HttpContext context, string contentType, Func<LayerLevels, byte[]> write)
    {
        int study = Number("study"), layer = Number("layer");
        if (_study is not { } last || last.Number != study)
            return SayAsync(context, StatusCodes.Status410Gone, "Only the maps of the last study are kept; ask for another.");
        return layer >= 0 && layer < last.Maps.Count && last.Maps[layer] is { } maps ? SendAsync(context, contentType, write(maps))
            : SayAsync(context, StatusCodes.Status404NotFound, "There is no such layer, or it has no maps.");

        int Number(string name) => int.Parse((string)context.Request.RouteValues[name]!, CultureInfo.InvariantCulture);
    }

    private Task DropAsync(HttpContext context) => AnswerAsync(context, async demo =>
    {
        long most = _shared.Uploads.MostBytes;
        // Counted here: a connection that the server breaks off says nothing.
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        if (context.Request.ContentLength > most)
        {
            await SayAsync(context, StatusCodes.Status413PayloadTooLarge, $"A model has at most {most >> 20} MiB here.").ConfigureAwait(false);
            return;
        }

        string path = await _shared.Uploads.KeepAsync(context.Request.Query["name"].ToString(), context.Request.Body, context.RequestAborted).ConfigureAwait(false);
        string said = await demo.DropAsync(path).WaitAsync(DropPatience, context.RequestAborted).ConfigureAwait(false);
        await SayAsync(context, StatusCodes.Status200OK, said).ConfigureAwait(false);
    });

    // What cannot be done is said to who asked for it.
    private async Task AnswerAsync(HttpContext context, Func<RunningDemo, Task> answer)
    {
        try
        {
            if (_shared.Demo is not { } demo)
                throw new StudioException("The demo is just beginning; try again.");
            await answer(demo).ConfigureAwait(false);
        }
        catch (StudioException problem)
        {
            await SayAsync(context, StatusCodes.Status409Conflict, problem.Message).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await SayAsync(context, StatusCodes.Status504GatewayTimeout, "The demo did not get to it in time; try again.").ConfigureAwait(false);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException problem)
        {
            await SayAsync(context, problem.StatusCode, problem.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Who asked has gone.
        }
    }

    private static Task SayAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text);
    }

    private static Task SendAsync(HttpContext context, string contentType, byte[] bytes)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes).AsTask();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
