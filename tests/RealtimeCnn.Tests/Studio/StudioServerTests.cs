using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using RealtimeCnn.Models;
using RealtimeCnn.Studio;
using RealtimeCnn.Studio.Serving;
using RealtimeCnn.Studio.Watching;

namespace RealtimeCnn.Tests.Studio;

/// <summary>The studio's server against browsers that behave and against everybody else; the demo behind it plays on.</summary>
public sealed class StudioServerTests(VisitedStudio visited) : IClassFixture<VisitedStudio>
{
    private const string Token = "a-token-of-some-length";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Everything_comes_from_here_and_nothing_from_elsewhere()
    {
        var studio = visited.Studio;
        using var client = Client(studio);
        string page = await client.GetStringAsync("/");
        string[] files = [.. System.Text.RegularExpressions.Regex.Matches(page, "(?:src|href)=\"([^\"]+)\"").Select(match => match.Groups[1].Value)];
        Assert.Contains("/main.js", files);
        Assert.All(files, file => Assert.StartsWith("/", file, StringComparison.Ordinal));
        Assert.DoesNotMatch("(?i)<style|<script(?![^>]*src)|\\son[a-z]+=|style=", page);
        foreach (string file in (string[])["/", .. files])
        {
            using var answer = await client.GetAsync(file);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.True(answer.Headers.CacheControl!.NoStore);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/../../etc/passwd")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/nothing")).StatusCode);
        Assert.Equal((HttpStatusCode)426, (await client.GetAsync("/live")).StatusCode);
    }

    [Theory]
    [InlineData("Host", "studio.example.com", HttpStatusCode.Forbidden)]
    [InlineData("Host", "127.0.0.1.example.com", HttpStatusCode.Forbidden)]
    [InlineData("Host", "localhost", HttpStatusCode.OK)]
    [InlineData("Origin", "http://example.com", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.OK)]
    public async Task Other_pages_are_turned_away_on_the_loopback_address_too(string header, string value, HttpStatusCode expected)
    {
        var studio = visited.Studio;
        using var client = Client(studio);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/main.js");
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await client.SendAsync(request);
        Assert.Equal(expected, answer.StatusCode);
        if (header == "Host")
            return;
        var watching = studio.WatchAsync(options => options.SetRequestHeader(header, value));
        if (expected == HttpStatusCode.OK)
            (await watching).Dispose();
        else
            await Assert.ThrowsAsync<WebSocketException>(() => watching);
    }

    [Fact]
    public async Task A_token_opens_everything_and_nothing_opens_without_it()
    {
        await using var studio = await StartedStudio.StartAsync(token: Token);
        Assert.Equal($"?token={Token}", studio.Address.Query);
        using (var stranger = Client(studio, cookies: false))
        {
            foreach (string path in (string[])["/", "/main.js", "/live", "/study/1/1.png", "/nothing", "/?token=", $"/?token={Token}x", $"/?token={Token[..^1]}"])
                Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(path)).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.PostAsync("/study", null)).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.PostAsync("/model", new ByteArrayContent(new byte[10]))).StatusCode);
            stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync("/main.js")).StatusCode);
        }

        // A browser keeps it as a cookie that no script reads and no other page's request carries.
        using var client = Client(studio);
        using var page = await client.GetAsync($"/?token={Token}");
        string cookie = Assert.Single(page.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/main.js")).StatusCode);
    }

    [Fact]
    public void Any_address_but_the_loopback_one_has_a_token()
    {
        var demo = new RealtimeCnn.Demo.DemoOptions { Source = "pattern" };
        Assert.Null(new StudioOptions(demo, IPAddress.Loopback, 0).Token);
        Assert.Null(new StudioOptions(demo, IPAddress.IPv6Loopback, 0).Token);
        string first = new StudioOptions(demo, IPAddress.Any, 0).Token!, second = new StudioOptions(demo, IPAddress.Parse("192.168.1.2"), 0).Token!;
        Assert.True(StudioOptions.IsToken(first) && first.Length >= 32 && first != second);
    }

    [Fact]
    public async Task A_taken_port_is_one_clear_error()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var options = new StudioOptions(new RealtimeCnn.Demo.DemoOptions { Source = "pattern", Backend = "cpu" }, IPAddress.Loopback, port);
        var problem = await Assert.ThrowsAsync<StudioException>(() => Task.Run(() => new StudioRun(options, TextWriter.Null).Run(CancellationToken.None)));
        Assert.Contains($"127.0.0.1:{port}", problem.Message, StringComparison.Ordinal);
        Assert.Contains("--port", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("3")]
    [InlineData("{\"do\":\"dance\"}")]
    [InlineData("{\"do\":\"key\",\"key\":\"Hyper\",\"down\":true}")]
    [InlineData("{\"do\":\"key\",\"key\":\"65\",\"down\":true}")]
    [InlineData("{\"do\":\"type\",\"letter\":\"ab\"}")]
    [InlineData("{\"do\":\"type\",\"letter\":\"\"}")]
    [InlineData("{\"do\":\"type\",\"letter\":\"\\ud800\"}")]
    [InlineData("{\"do\":\"mode\",\"name\":\"nowhere\"}")]
    [InlineData("{\"do\":\"point\",\"action\":\"pressed\",\"x\":1e39,\"y\":0}")]
    [InlineData("{\"do\":\"point\",\"action\":\"pressed\",\"x\":\"a\",\"y\":0}")]
    [InlineData("{\"do\":[[[[[[[[1]]]]]]]]}")]
    public async Task A_message_that_means_nothing_is_answered_and_the_page_lives_on(string message)
    {
        var studio = visited.Studio;
        using var socket = await studio.WatchAsync();
        await SendAsync(socket, message);
        await UntilAsync(socket, json => json["error"] != null);
        await SendAsync(socket, "{\"do\":\"mode\",\"name\":\"draw\"}");
        await UntilAsync(socket, json => json["mode"]?.GetValue<string>() == "draw");
    }

    [Fact]
    public void A_letter_typed_on_a_page_arrives_as_one_typed_at_a_window_between_two_pictures()
    {
        using var window = new PageWindow(new Size2d(240, 320));
        var typed = new List<Rune>();
        window.CharacterTyped += (_, letter) => typed.Add(letter);
        window.Post(() => window.Type(new Rune('é')));
        Assert.Empty(typed);
        window.PollEvents();
        Assert.Equal([new Rune('é')], typed);
    }

    [Fact]
    public async Task Who_floods_sends_giants_or_leaves_in_the_middle_goes_alone()
    {
        var studio = visited.Studio;
        using var calm = await studio.WatchAsync();
        using (var flood = await studio.WatchAsync())
            Assert.Equal(WebSocketCloseStatus.PolicyViolation, await SentAwayAsync(flood, "{\"do\":\"point\",\"action\":\"moved\",\"x\":1,\"y\":1}", 20 * Viewer.MostMessagesPerSecond));
        using (var wrong = await studio.WatchAsync())
            Assert.Equal(WebSocketCloseStatus.PolicyViolation, await SentAwayAsync(wrong, "nonsense", Viewer.MostMistakes));
        using (var giant = await studio.WatchAsync())
            Assert.Equal(WebSocketCloseStatus.MessageTooBig, await SentAwayAsync(giant, new string('x', 10 * Viewer.MostMessageBytes), 1));
        for (int i = 0; i < 20; i++)
        {
            using var leaving = await studio.WatchAsync();
            await SendAsync(leaving, "{\"do\":\"key\",\"key\":\"D1\",\"down\":true}");
            leaving.Abort();
        }

        // Half a request, and a header without end.
        using (var raw = new TcpClient())
        {
            await raw.ConnectAsync(IPAddress.Loopback, studio.Address.Port);
            await raw.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: localhost\r\nX: {new string('a', 100_000)}\r\n\r\n"));
            using var reader = new StreamReader(raw.GetStream());
            Assert.StartsWith("HTTP/1.1 431", await reader.ReadLineAsync(), StringComparison.Ordinal);
        }

        await SendAsync(calm, "{\"do\":\"mode\",\"name\":\"signs\"}");
        await UntilAsync(calm, json => json["mode"]?.GetValue<string>() == "signs");
    }

    [Fact]
    public async Task There_is_room_for_so_many_and_who_comes_later_is_told()
    {
        await using var studio = await StartedStudio.StartAsync();
        var watching = new List<ClientWebSocket>();
        try
        {
            for (int i = 0; i < Viewers.MostViewers; i++)
            {
                watching.Add(await studio.WatchAsync());
                await UntilAsync(watching[^1], json => json["mode"] != null);
            }

            await Assert.ThrowsAsync<WebSocketException>(() => studio.WatchAsync());
        }
        finally
        {
            watching.ForEach(socket => socket.Dispose());
        }
    }

    /// <summary>Who does not say that a picture was drawn gets no third one, and nobody else gets fewer for it.</summary>
    [Fact]
    public async Task A_slow_page_gets_fewer_pictures_and_holds_up_nobody()
    {
        await using var studio = await StartedStudio.StartAsync();
        using var slow = await studio.WatchAsync();
        using var quick = await studio.WatchAsync();
        var slowOnes = CountAsync(slow, answers: false, states: 6);
        int quickOnes = await CountAsync(quick, answers: true, states: 6);
        Assert.Equal(2, await slowOnes);
        Assert.InRange(quickOnes, 6, int.MaxValue);
    }

    [Fact]
    public async Task A_model_that_is_none_is_said_and_one_that_is_too_large_is_refused()
    {
        await using var studio = await StartedStudio.StartAsync(mostModelBytes: 1 << 20);
        using var client = Client(studio);
        using var broken = await client.PostAsync("/model?name=..%2F..%2Fbroken.onnx", new ByteArrayContent(Encoding.ASCII.GetBytes("this is no model")));
        string said = await broken.Content.ReadAsStringAsync();
        Assert.Contains("broken.onnx", said, StringComparison.Ordinal);
        Assert.Contains("cannot be used", said, StringComparison.Ordinal);
        using var large = await client.PostAsync("/model?name=large.onnx", new ByteArrayContent(new byte[(1 << 20) + 1]));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "A model has at most 1 MiB here."), (large.StatusCode, await large.Content.ReadAsStringAsync()));

        // Without a length that says so.
        using var streamed = new HttpRequestMessage(HttpMethod.Post, "/model?name=large.onnx") { Content = new StreamContent(new MemoryStream(new byte[3 << 20])) };
        streamed.Headers.TransferEncodingChunked = true;
        await RefusedAsync(client, streamed);
        using var body = new HttpRequestMessage(HttpMethod.Post, "/study") { Content = new ByteArrayContent(new byte[3 << 20]) };
        await RefusedAsync(client, body, isForbidden: false);

        // Connections that were broken off over it are not taken again.
        using var other = Client(studio);
        using var good = await other.PostAsync("/model?name=good.onnx", new ByteArrayContent(ShippedModels.Read(ShippedModels.Digits)));
        Assert.Equal("good.onnx is shown.", await good.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("a.onnx", "a.onnx")]
    [InlineData("../../etc/a.onnx", "a.onnx")]
    [InlineData("C:\\Users\\a.onnx", "a.onnx")]
    [InlineData("a\0b*?.onnx", "a_b__.onnx")]
    [InlineData("", "model.onnx")]
    [InlineData("..", "model.onnx")]
    public void A_file_s_name_leads_nowhere(string name, string expected) => Assert.Equal(expected, Uploads.SafeName(name));

    [Fact]
    public async Task A_study_has_the_graph_with_shapes_times_and_maps()
    {
        await using var studio = await StartedStudio.StartAsync(source: "digits", mode: "model");
        using var client = Client(studio);
        using var answer = await client.PostAsync("/study", null);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        var found = JsonNode.Parse(text)!;
        var layers = found["layers"]!.AsArray();
        Assert.Equal("cpu", found["backend"]!.GetValue<string>());
        Assert.True(found["milliseconds"]!.GetValue<double>() > 0);
        Assert.Equal("input", layers[0]!["title"]!.GetValue<string>());
        Assert.Contains(layers, layer => layer!["milliseconds"]?.GetValue<double>() > 0 && layer["kernel"]!.GetValue<string>().Length > 0);
        Assert.All(layers.Index().Skip(1), layer => Assert.All(layer.Item!["inputs"]!.AsArray(), input => Assert.InRange(input!.GetValue<int>(), 0, layer.Index - 1)));

        // The written digit: ink in some places, and none in others.
        var input = layers[0]!["maps"]!;
        Assert.True(input["greatest"]!.GetValue<float>() > input["least"]!.GetValue<float>() + 0.2f);
        int number = found["study"]!.GetValue<int>();
        foreach (var (i, layer) in layers.Index().Where(layer => layer.Item!["maps"] != null))
        {
            byte[] png = await client.GetByteArrayAsync($"/study/{number}/{i}.png");
            Assert.Equal([0x89, 0x50, 0x4E, 0x47], png[..4]);
            var ranges = JsonNode.Parse(await client.GetStringAsync($"/study/{number}/{i}.json"))!.AsArray();
            Assert.Equal(layer!["maps"]!["shown"]!.GetValue<int>(), ranges.Count);
            Assert.Equal(layer["maps"]!["least"]!.GetValue<float>(), ranges.Min(range => range![0]!.GetValue<float>()), 1e-5f);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/study/{number}/{layers.Count}.png")).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await client.GetAsync($"/study/{number + 1}/0.png")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/study/99999999999999/0.png")).StatusCode);
    }

    [Fact]
    public async Task A_demo_that_fails_begins_again_and_pages_stay()
    {
        await using var studio = await StartedStudio.StartAsync();
        using var socket = await studio.WatchAsync();
        await UntilAsync(socket, json => json["mode"] != null);
        var failed = studio.Demo!;
        // No page can send what is no path at all; it stands for a mistake of ours.
        _ = failed.DropAsync(null!);
        await UntilAsync(socket, json => json["message"]?.GetValue<string>().StartsWith("The demo began again", StringComparison.Ordinal) == true);
        Assert.NotSame(failed, studio.Demo);
        await SendAsync(socket, "{\"do\":\"mode\",\"name\":\"signs\"}");
        await UntilAsync(socket, json => json["mode"]?.GetValue<string>() == "signs");
    }

    [Fact]
    public void Where_nobody_watches_a_turn_of_the_demo_allocates_nothing()
    {
        using var viewers = new Viewers();
        using var window = new PageWindow(new Size2d(240, 320));
        bool isWanting = false;
        Turn();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            Turn();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.False(isWanting);

        void Turn()
        {
            window.PollEvents();
            window.WaitEvents(TimeSpan.Zero);
            isWanting |= viewers.IsWanting;
        }
    }

    private static HttpClient Client(StartedStudio studio, bool cookies = true) =>
        new(new HttpClientHandler { UseCookies = cookies }) { BaseAddress = new Uri(studio.Address.GetLeftPart(UriPartial.Authority)), Timeout = Patience };

    private static async Task SendAsync(ClientWebSocket socket, string message) =>
        await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private static async Task<(JsonNode? Json, WebSocketReceiveResult Last)> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellation = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        using var message = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, patience.Token);
            message.Write(buffer, 0, received.Count);
            if (received.EndOfMessage)
                return (received.MessageType == WebSocketMessageType.Text ? JsonNode.Parse(message.ToArray()) : null, received);
        }
    }

    private static async Task UntilAsync(ClientWebSocket socket, Func<JsonNode, bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var (json, last) = await ReceiveAsync(socket, patience.Token);
            Assert.NotEqual(WebSocketMessageType.Close, last.MessageType);
            if (json != null && holds(json))
                return;
        }
    }

    private static async Task<WebSocketCloseStatus?> SentAwayAsync(ClientWebSocket socket, string message, int times)
    {
        try
        {
            for (int i = 0; i < times && socket.State == WebSocketState.Open; i++)
                await SendAsync(socket, message);
        }
        catch (WebSocketException)
        {
            // It has been closed at the other end; why is still to be read.
        }

        while ((await ReceiveAsync(socket)).Last.MessageType != WebSocketMessageType.Close)
        {
            // What came before.
        }

        return socket.CloseStatus;
    }

    private static async Task<int> CountAsync(ClientWebSocket socket, bool answers, int states)
    {
        int pictures = 0;
        while (states > 0)
        {
            var (json, _) = await ReceiveAsync(socket);
            if (json != null)
            {
                states--;
                continue;
            }

            pictures++;
            if (answers)
                await SendAsync(socket, "{\"do\":\"drawn\"}");
        }

        return pictures;
    }

    private static async Task RefusedAsync(HttpClient client, HttpRequestMessage request, bool isForbidden = true)
    {
        try
        {
            using var answer = await client.SendAsync(request);
            Assert.True(!isForbidden || answer.StatusCode is HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.Conflict, answer.StatusCode.ToString());
        }
        catch (HttpRequestException)
        {
            // The connection was closed over it.
        }
    }
}
