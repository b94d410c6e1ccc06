using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Benchmarks.Soak;

/// <summary>
/// A network camera for tests: motion JPEG over HTTP on this machine, which can be unplugged, stalled, frozen, resized
/// and made to send garbage, half pictures, and many at once.
/// </summary>
internal sealed class FakeWebcam : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly List<Socket> _clients = [];
    private TcpListener? _listener;
    private volatile byte[][] _pictures;
    private volatile bool _paused;
    private volatile bool _frozen;
    private int _garbage, _halves, _burst;
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

    /// <summary>Encodes the first pictures of a test pattern as JPEG files.</summary>
    public static byte[][] Encode(int width, int height, int pictures = 30)
    {
        using var pattern = new TestPatternSource(width, height, pictures: pictures);
        return Encode(pattern);
    }

    /// <summary>Encodes all pictures of a scene as JPEG files.</summary>
    /// <param name="scene">It ends by itself; its pictures are RGBA and of one size.</param>
    /// <exception cref="InvalidOperationException">FFmpeg cannot do that; the message has its words.</exception>
    public static byte[][] Encode(IFrameSource scene)
    {
        scene.Start(FrameDelivery.Every);
        using var first = scene.Take(Timeout.InfiniteTimeSpan) ?? throw new InvalidOperationException($"{scene.Name} has no picture: {scene.Status.Reason}");
        string[] arguments =
        [
            "-v", "error", "-f", "rawvideo", "-pixel_format", "rgba", "-video_size", $"{first.Format.Width}x{first.Format.Height}", "-framerate", "25", "-i", "pipe:0",
            "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "2", "-f", "image2pipe", "pipe:1",
        ];
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var encoded = new MemoryStream();
        var reading = ffmpeg.StandardOutput.BaseStream.CopyToAsync(encoded);
        var complaint = ffmpeg.StandardError.ReadToEndAsync();
        using (var input = ffmpeg.StandardInput.BaseStream)
        {
            input.Write(first.Pixels);
            while (scene.Take(Timeout.InfiniteTimeSpan) is { } frame)
            {
                using (frame)
                    input.Write(frame.Pixels);
            }
        }

        reading.Wait();
        ffmpeg.WaitForExit();
        return ffmpeg.ExitCode == 0 ? [.. Files(encoded.ToArray())] : throw new InvalidOperationException($"FFmpeg encodes no JPEG: {complaint.Result}");
    }

    /// <summary>Sends this many packets of noise in place of pictures.</summary>
    public void SendGarbage(int packets) => Interlocked.Add(ref _garbage, packets);

    /// <summary>Sends only the first half of this many pictures.</summary>
    public void SendHalves(int pictures) => Interlocked.Add(ref _halves, pictures);

    /// <summary>Sends this many pictures at once, as after a network that was held up.</summary>
    public void SendBurst(int pictures) => Interlocked.Add(ref _burst, pictures);

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

    private static bool TakeOne(ref int count)
    {
        if (Interlocked.Decrement(ref count) >= 0)
            return true;
        Interlocked.Increment(ref count);
        return false;
    }

    // A file ends with FF D9, which stands nowhere else in what FFmpeg encodes.
    private static IEnumerable<byte[]> Files(byte[] encoded)
    {
        for (int begin = 0, at = 1; at < encoded.Length; at++)
        {
            if (encoded[at - 1] != 0xFF || encoded[at] != 0xD9)
                continue;
            yield return encoded[begin..(at + 1)];
            begin = at + 1;
        }
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
                for (int left = 1 + Interlocked.Exchange(ref _burst, 0); left > 0; left--)
                {
                    byte[] picture = _pictures[number % _pictures.Length];
                    number += _frozen ? 0 : 1;
                    if (TakeOne(ref _garbage))
                        new Random(number).NextBytes(picture = new byte[2000]);
                    else if (TakeOne(ref _halves))
                        picture = picture[..(picture.Length / 2)];
                    string head = string.Create(CultureInfo.InvariantCulture, $"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {picture.Length}\r\n\r\n");
                    await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. picture, .. "\r\n"u8], _end.Token);
                    Interlocked.Increment(ref _sent);
                }
            }
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Unplugged, or the viewer left.
        }
    }
}
