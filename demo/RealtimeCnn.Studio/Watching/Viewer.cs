using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;

namespace RealtimeCnn.Studio.Watching;

/// <summary>
/// A page that watches, at the other end of a WebSocket. It gets the newest picture when it has drawn all but one of those before, the
/// newest state, and answers to what it did wrong; what it does goes to the demo. Whatever it sends, nobody else notices.
/// </summary>
/// <param name="socket">Its connection; the caller's.</param>
/// <param name="shared">Where it watches.</param>
internal sealed class Viewer(WebSocket socket, SharedState shared)
{
    /// <summary>Most bytes of a message.</summary>
    public const int MostMessageBytes = 1024;

    /// <summary>Most messages in a second, and how many may come at once.</summary>
    public const int MostMessagesPerSecond = 300;

    /// <summary>Mistakes after which it is sent away.</summary>
    public const int MostMistakes = 20;

    // One on its way while another is drawn.
    private const int PicturesAhead = 2;
    private const int MostAnswers = 32;
    private static readonly TimeSpan SendPatience = TimeSpan.FromSeconds(20), GoodbyePatience = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();

    // There is something to send; said once, however much it is.
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Queue<byte[]> _answers = new();
    private readonly PageInput _input = new(shared);
    private EncodedPicture? _picture;
    private byte[]? _state;
    private int _credit = PicturesAhead;
    private Task _sending = Task.CompletedTask;

    /// <summary>Whether it has time for a picture.</summary>
    public bool IsReady
    {
        get
        {
            lock (_lock)
                return _credit > 0 && _picture == null;
        }
    }

    /// <summary>Gives it a picture, where it has time for one.</summary>
    public void Offer(EncodedPicture picture)
    {
        lock (_lock)
        {
            if (_credit == 0 || _picture != null)
                return;
            (_picture, _credit) = (picture.Share(), _credit - 1);
        }

        _news.Writer.TryWrite(true);
    }

    /// <summary>Tells it how things are.</summary>
    /// <param name="state">JSON.</param>
    public void Tell(byte[] state)
    {
        lock (_lock)
            _state = state;
        _news.Writer.TryWrite(true);
    }

    /// <summary>Serves it until it goes, is sent away, or the studio ends.</summary>
    public async Task RunAsync(CancellationToken ended)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(ended);
        _sending = SendAllAsync(gone.Token);
        try
        {
            await ReceiveAllAsync(gone.Token).ConfigureAwait(false);
        }
        catch (Exception end) when (end is WebSocketException or OperationCanceledException or IOException)
        {
            // It has gone without a word.
        }
        finally
        {
            _input.LetGo();
            await gone.CancelAsync().ConfigureAwait(false);
            await _sending.ConfigureAwait(false);
            lock (_lock)
            {
                _picture?.Release();
                (_picture, _credit) = (null, 0);
            }
        }
    }

    private async Task SendAllAsync(CancellationToken gone)
    {
        try
        {
            while (await _news.Reader.WaitToReadAsync(gone).ConfigureAwait(false))
            {
                _news.Reader.TryRead(out _);
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(gone);
                patience.CancelAfter(SendPatience);
                while (await SendNewsAsync(patience.Token).ConfigureAwait(false))
                {
                    // What has come meanwhile.
                }
            }
        }
        catch (Exception end) when (end is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // A connection that takes nothing any more ends the other direction too.
            socket.Abort();
        }
    }

    /// <returns>Whether there was any.</returns>
    private async Task<bool> SendNewsAsync(CancellationToken patience)
    {
        EncodedPicture? picture;
        byte[]? state, answer;
        lock (_lock)
        {
            (picture, state) = (_picture, _state);
            (_picture, _state) = (null, null);
            _answers.TryDequeue(out answer);
        }

        try
        {
            if (answer != null)
                await socket.SendAsync(answer, WebSocketMessageType.Text, endOfMessage: true, patience).ConfigureAwait(false);
            if (state != null)
                await socket.SendAsync(state, WebSocketMessageType.Text, endOfMessage: true, patience).ConfigureAwait(false);
            if (picture != null)
                await socket.SendAsync(picture.Bytes, WebSocketMessageType.Binary, endOfMessage: true, patience).ConfigureAwait(false);
        }
        finally
        {
            picture?.Release();
        }

        return answer != null || state != null || picture != null;
    }

    private async Task ReceiveAllAsync(CancellationToken gone)
    {
        byte[] buffer = new byte[MostMessageBytes];
        var rate = new MessageRate(MostMessagesPerSecond);
        int mistakes = 0;
        while (true)
        {
            var (length, received) = await ReceiveAsync(buffer, gone).ConfigureAwait(false);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await CloseAsync(WebSocketCloseStatus.NormalClosure, null, gone).ConfigureAwait(false);
                return;
            }

            if (!received.EndOfMessage)
            {
                await CloseAsync(WebSocketCloseStatus.MessageTooBig, $"A message has at most {MostMessageBytes} bytes.", gone).ConfigureAwait(false);
                return;
            }

            if (!rate.TryCount())
            {
                await CloseAsync(WebSocketCloseStatus.PolicyViolation, $"More than {MostMessagesPerSecond} messages a second.", gone).ConfigureAwait(false);
                return;
            }

            try
            {
                if (received.MessageType != WebSocketMessageType.Text)
                    throw new StudioException("A message is JSON, as text.");
                if (_input.Do(buffer.AsMemory(0, length)))
                    Drawn();
            }
            catch (StudioException mistake)
            {
                Answer(mistake.Message);
                if (++mistakes < MostMistakes)
                    continue;
                await CloseAsync(WebSocketCloseStatus.PolicyViolation, $"{MostMistakes} messages that mean nothing.", gone).ConfigureAwait(false);
                return;
            }
        }
    }

    private async Task<(int Length, ValueWebSocketReceiveResult Last)> ReceiveAsync(byte[] buffer, CancellationToken gone)
    {
        int length = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length), gone).ConfigureAwait(false);
            length += received.Count;
            if (received.EndOfMessage || received.MessageType == WebSocketMessageType.Close || length == buffer.Length)
                return (length, received);
        }
    }

    private void Drawn()
    {
        lock (_lock)
            _credit = Math.Min(_credit + 1, PicturesAhead);
    }

    private void Answer(string mistake)
    {
        lock (_lock)
        {
            if (_answers.Count >= MostAnswers)
                return;
            _answers.Enqueue(JsonSerializer.SerializeToUtf8Bytes(new { error = mistake }));
        }

        _news.Writer.TryWrite(true);
    }

    // What it still sends is thrown away for a moment: a connection that is closed over unread bytes takes the reason with it.
    private async Task CloseAsync(WebSocketCloseStatus status, string? why, CancellationToken gone)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(gone);
        patience.CancelAfter(GoodbyePatience);
        // The goodbye is the last word.
        _news.Writer.TryComplete();
        await _sending.WaitAsync(patience.Token).ConfigureAwait(false);
        await socket.CloseOutputAsync(status, why, patience.Token).ConfigureAwait(false);
        byte[] rest = new byte[MostMessageBytes];
        while (socket.State == WebSocketState.CloseSent)
            await socket.ReceiveAsync(rest.AsMemory(), patience.Token).ConfigureAwait(false);
    }
}
