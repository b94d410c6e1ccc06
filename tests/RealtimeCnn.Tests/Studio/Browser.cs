using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace RealtimeCnn.Tests.Studio;

/// <summary>Headless Chromium with one page, driven by the DevTools protocol: what a page says on its console, and the errors in it, are kept.</summary>
public sealed partial class Browser : IAsyncDisposable
{
    private static readonly string[] Programs = ["chromium-headless-shell", "chromium", "google-chrome", "chromium-browser"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly string _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _asked = [];
    private readonly SemaphoreSlim _sending = new(1);
    private string? _session;
    private Task? _receiving;
    private int _number;

    private Browser(Process process, string profile) => (_process, _profile) = (process, profile);

    /// <summary>What went wrong on the page: exceptions, errors of its console, files that did not come, what its security policy forbade.</summary>
    public ConcurrentQueue<string> Errors { get; } = [];

    /// <summary>Starts a browser; a machine without one fails the test.</summary>
    public static async Task<Browser> StartAsync()
    {
        string program = Programs.Select(Find).FirstOrDefault(path => path != null) ?? throw new InvalidOperationException($"None of {string.Join(", ", Programs)} is on PATH: ./setup.sh installs the first where apt has it; else install Chromium or Google Chrome.");
        string profile = Directory.CreateTempSubdirectory("rtcnn-browser-").FullName;
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-port=0", "--remote-allow-origins=*", "--no-first-run", "--disable-background-networking",
            $"--user-data-dir={profile}", "about:blank",
        ];
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var browser = new Browser(process, profile);
        try
        {
            await browser.ConnectAsync();
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens an address in the page.</summary>
    public Task OpenAsync(Uri address) => AskAsync("Page.navigate", new { url = address.ToString() });

    /// <summary>The value of an expression in the page; a promise is waited for.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        var answer = await AskAsync("Runtime.evaluate", new { expression, awaitPromise = true, returnByValue = true });
        Assert.True(answer["exceptionDetails"] == null, $"{expression}: {answer["exceptionDetails"]}");
        return answer["result"]?["value"];
    }

    /// <summary>Waits until an expression in the page is true.</summary>
    public async Task UntilAsync(string expression)
    {
        var started = Stopwatch.StartNew();
        while ((await EvaluateAsync($"Boolean({expression})"))?.GetValue<bool>() != true)
        {
            Assert.True(started.Elapsed < Patience, $"It never came to: {expression}. {string.Join(" ", Errors)}");
            await Task.Delay(20);
        }
    }

    /// <summary>Clicks in the middle of an element, with a mouse.</summary>
    public async Task ClickAsync(string selector)
    {
        var place = await EvaluateAsync($$"""(() => { const e = document.querySelector({{JsonSerializer.Serialize(selector)}}); e.scrollIntoView({block: 'center'}); const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()""");
        double x = place![0]!.GetValue<double>(), y = place[1]!.GetValue<double>();
        await MouseAsync("mouseMoved", x, y);
        await MouseAsync("mousePressed", x, y);
        await MouseAsync("mouseReleased", x, y);
    }

    /// <summary>Does something with the mouse, in pixels of the page's window.</summary>
    public Task MouseAsync(string type, double x, double y) => AskAsync("Input.dispatchMouseEvent", new { type, x, y, button = type == "mouseMoved" ? "none" : "left", buttons = type == "mouseReleased" ? 0 : 1, clickCount = 1 });

    /// <summary>Presses a key and lets it go.</summary>
    public async Task KeyAsync(string code, string key)
    {
        await AskAsync("Input.dispatchKeyEvent", new { type = "keyDown", code, key });
        await AskAsync("Input.dispatchKeyEvent", new { type = "keyUp", code, key });
    }

    /// <summary>Makes the window as large as a device's.</summary>
    public Task ResizeAsync(int width, int height, bool isDark = false) => Task.WhenAll(
        AskAsync("Emulation.setDeviceMetricsOverride", new { width, height, deviceScaleFactor = 1, mobile = width < 600 }),
        AskAsync("Emulation.setEmulatedMedia", new { features = new[] { new { name = "prefers-color-scheme", value = isDark ? "dark" : "light" } } }));

    /// <summary>What the page looks like, from its top to its bottom, as a PNG file.</summary>
    public async Task<byte[]> ScreenshotAsync(bool whole = false) =>
        Convert.FromBase64String((await AskAsync("Page.captureScreenshot", new { format = "png", captureBeyondViewport = whole }))["data"]!.GetValue<string>());

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        if (_receiving is { } receiving)
            await receiving;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _socket.Dispose();
        _sending.Dispose();
        Directory.Delete(_profile, recursive: true);
    }

    /// <summary>Asks the browser for something.</summary>
    /// <param name="method">Of the DevTools protocol.</param>
    /// <param name="parameters">Its parameters.</param>
    public async Task<JsonNode> AskAsync(string method, object parameters)
    {
        int id = Interlocked.Increment(ref _number);
        var answer = _asked[id] = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = JsonSerializer.SerializeToNode(new { id, method, @params = parameters })!;
        if (_session != null)
            message["sessionId"] = _session;
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }

        var answered = await answer.Task.WaitAsync(Patience);
        return answered["result"] ?? throw new InvalidOperationException($"{method}: {answered["error"]}");
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private async Task ConnectAsync()
    {
        await _socket.ConnectAsync(await AddressAsync(), CancellationToken.None);
        _ = _process.StandardError.ReadToEndAsync();
        _ = _process.StandardOutput.ReadToEndAsync();
        _receiving = ReceiveAsync();
        var targets = await AskAsync("Target.getTargets", new { });
        string page = targets["targetInfos"]!.AsArray().First(target => target!["type"]!.GetValue<string>() == "page")!["targetId"]!.GetValue<string>();
        _session = (await AskAsync("Target.attachToTarget", new { targetId = page, flatten = true }))["sessionId"]!.GetValue<string>();
        foreach (string domain in (string[])["Runtime", "Log", "Page", "DOM"])
            await AskAsync($"{domain}.enable", new { });
    }

    private async Task<Uri> AddressAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await _process.StandardError.ReadLineAsync(patience.Token) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
                return new Uri(match.Groups["address"].Value);
        }

        throw new InvalidOperationException($"The browser ended with {_process.ExitCode.ToString(CultureInfo.InvariantCulture)} before it listened.");
    }

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                message.Write(buffer, 0, received.Count);
                if (received.MessageType == WebSocketMessageType.Close)
                    return;
                if (!received.EndOfMessage)
                    continue;
                Take(JsonNode.Parse(message.ToArray())!);
                message.SetLength(0);
            }
        }
        catch (Exception end) when (end is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The browser ends.
        }
    }

    private void Take(JsonNode message)
    {
        if (message["id"]?.GetValue<int>() is { } id)
        {
            if (_asked.TryRemove(id, out var answer))
                answer.TrySetResult(message);
            return;
        }

        var said = message["params"];
        if (message["method"]?.GetValue<string>() switch
        {
            "Runtime.exceptionThrown" => said!["exceptionDetails"]?.ToJsonString(),
            "Runtime.consoleAPICalled" when said!["type"]!.GetValue<string>() is "error" or "assert" => said.ToJsonString(),
            "Log.entryAdded" when said!["entry"]!["level"]!.GetValue<string>() is "error" => said["entry"]!.ToJsonString(),
            _ => null,
        } is { } error)
            Errors.Enqueue(error);
    }

    [GeneratedRegex("DevTools listening on (?<address>ws://.*)")]
    private static partial Regex Listening();
}
