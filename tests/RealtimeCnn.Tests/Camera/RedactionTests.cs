using System.Net;
using System.Net.Sockets;
using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Camera;

/// <summary>No user, password or token of an address is ever shown.</summary>
public sealed class RedactionTests
{
    [Theory]
    [InlineData("http://user:pw@cam/1", "http://cam/1")]
    [InlineData("rtsp://us%65r:p%40ss@cam:554/1", "rtsp://cam:554/1")]
    [InlineData("http://cam/live?token=abc&x=1", "http://cam/live?…")]
    [InlineData("http://cam/a@b", "http://cam/a@b")]
    [InlineData("http://user:p@ss@cam/1", "http://cam/1")]
    public void An_address_is_shown_without_them(string address, string shown) => Assert.Equal(shown, Redaction.Anonymous(address));

    [Theory]
    [InlineData("http://admin:se cret@cam/1", "se cret", "se%20cret", "se+cret")]
    [InlineData("http://admin:s%65cr%2Fet@cam/1", "s%65cr%2Fet", "secr/et", "secr%2Fet", "secr%2fet")]
    [InlineData("http://admin:gehéim@cam/1", "gehéim", "geh%C3%A9im", "geh%c3%a9im")]
    [InlineData("http://admin:secret@cam/1", "YWRtaW46c2VjcmV0")]
    [InlineData("http://cam/1?token=T0p%2BS%3d&n=1", "T0p%2BS%3d", "T0p+S=", "T0p%2bS%3D")]
    [InlineData("https://ghp_token@host/film.mp4", "ghp_token")]
    public void No_form_of_a_secret_gets_through(string address, params string[] forms)
    {
        var redaction = new Redaction(address);
        foreach (string form in forms)
            Assert.DoesNotContain(form, redaction.Apply($"error: '{form}' was refused"), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(forms[0], redaction.Apply($"{address}: Server returned 500"), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_addresses_in_a_text_lose_theirs_too_and_the_rest_stays() => Assert.Equal(
        "redirected to https://other/x?…: Server returned 5XX (3 of 4)",
        new Redaction("http://cam/1").Apply("redirected to https://me:pw@other/x?key=1: Server returned 5XX (3 of 4)"));

    [Theory]
    [InlineData("user:s3cr3tw0rd@", "/x.mjpeg", "s3cr3tw0rd")]
    [InlineData("user:s3%63ret%20w0rd@", "/x.mjpeg", "s3%63ret", "s3cret")]
    [InlineData("", "/x.mjpeg?token=s3cr3tt0ken", "s3cr3tt0ken")]
    [InlineData("", "/film.mp4?token=s3cr3tt0ken", "s3cr3tt0ken")]
    public void A_server_that_fails_does_not_bring_them_out(string user, string path, params string[] secrets)
    {
        using var server = new FailingServer();
        using var source = FrameSources.Open($"http://{user}127.0.0.1:{server.Port}{path}");
        source.Start();
        Assert.Null(source.Take(TimeSpan.FromSeconds(60)));
        Assert.Equal((SourceState.Ended, true), (source.Status.State, source.Status.Faulted));
        Assert.Contains("500", source.Status.Reason.Replace("5XX", "500", StringComparison.Ordinal), StringComparison.Ordinal);
        foreach (string secret in secrets)
            Assert.DoesNotContain(secret, $"{source.Name} {source.Status.Reason} {source.Status.Damage}", StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_cannot_be_read_at_all_is_complained_about_without_them() =>
        Assert.DoesNotContain("s3cr3t", Assert.Throws<CameraException>(() => FrameSources.Open("http://user:s3cr3t@:99:99/x?token=s3cr3t")).Message, StringComparison.Ordinal);

    /// <summary>Answers every request with an internal error.</summary>
    private sealed class FailingServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public FailingServer()
        {
            _listener.Start();
            _ = ServeAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptSocketAsync();
                    await using var stream = new NetworkStream(client);
                    _ = await stream.ReadAtLeastAsync(new byte[4096], 1);
                    await stream.WriteAsync("HTTP/1.0 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
                    client.Shutdown(SocketShutdown.Send);
                    _ = await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false);
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or IOException)
            {
                // Closed.
            }
        }
    }
}
