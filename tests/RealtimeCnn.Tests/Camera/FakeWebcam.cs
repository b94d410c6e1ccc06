using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RealtimeCnn.Tests.Camera;

/// <summary>
/// A network camera for tests: motion JPEG over HTTP on this machine, which can be unplugged, stalled, frozen, resized
/// and made to send garbage.
/// </summary>
public sealed class FakeWebcam : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly List<Socket> _clients = [];
    private TcpListener? _listener;
    private volatile byte[][] _pictures;
    private volatile bool _paused;
    private volatile bool _frozen;
    private int _garbage;
    private int _sent;

    public FakeWebcam(byte[][] pictures, double rate = 50)
    {
        (_pictures, Rate) = (pictures, rate);
        Plug();
    }

    public int Port { get; private set; }

    public Uri Url => new($"http://127.0.0.1:{Port}/stream.mjpeg");

    public double Rate { get; }

    public int Sent => Volatile.Read(ref _sent);

    /// <summary>Sends nothing, but keeps the connection.</summary>
    public bool Paused
    {
        get => _paused;
        set => _paused = value;
    }

    /// <summary>Sends one picture again and again.</summary>
    public bool Frozen
    {
        get => _frozen;
        set => _frozen = value;
    }

    /// <summary>The pictures of the scene, as JPEG files; a change of size takes effect with the next one.</summary>
    public byte[][] Pictures
    {
        get => _pictures;
        set => _pictures = value;
    }

    /// <summary>Encodes the first pictures of a test pattern.</summary>
    public static byte[][] Encode(MediaFiles media, int width, int height, int pictures = 30)
    {
        string folder = Directory.CreateDirectory(media.PathOf($"jpeg{width}x{height}")).FullName;
        media.Pattern(Path.Combine(Path.GetFileName(folder), "%03d.jpg"), width, height, pictures, 25, "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "2");
        return [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
    }

    /// <summary>Sends this many packets of noise in place of pictures.</summary>
    public void SendGarbage(int packets) => Interlocked.Add(ref _garbage, packets);

    /// <summary>Cuts every connection and stops listening.</summary>
    public void Unplug()
    {
        lock (_lock)
        {
            _listener?.Dispose();
            _listener = null;
            foreach (var client in _clients)
                client.Dispose();
            _clients.Clear();
        }
    }

    /// <summary>Listens again, on the same port.</summary>
    public void Plug()
    {
        lock (_lock)
        {
            _listener = new TcpListener(IPAddress.Loopback, Port);
            _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            _listener.Start();
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            _ = AcceptAsync(_listener);
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        Unplug();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(_end.Token);
                lock (_lock)
                    _clients.Add(client);
                _ = ServeAsync(client);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // Unplugged.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            var request = new byte[4096];
            await stream.ReadAtLeastAsync(request, 1, cancellationToken: _end.Token);
            await stream.WriteAsync("HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n"u8.ToArray(), _end.Token);
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / Rate));
            for (int number = 0; await timer.WaitForNextTickAsync(_end.Token);)
            {
                if (_paused)
                    continue;
                byte[] picture = _pictures[number % _pictures.Length];
                number += _frozen ? 0 : 1;
                if (Interlocked.Decrement(ref _garbage) >= 0)
                    new Random(number).NextBytes(picture = new byte[2000]);
                else
                    Interlocked.Increment(ref _garbage);
                string head = string.Create(CultureInfo.InvariantCulture, $"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {picture.Length}\r\n\r\n");
                await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. picture, .. "\r\n"u8], _end.Token);
                Interlocked.Increment(ref _sent);
            }
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Unplugged, or the viewer left.
        }
    }
}
