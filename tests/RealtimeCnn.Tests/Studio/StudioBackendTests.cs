using System.Net.WebSockets;
using System.Text.Json.Nodes;
using RealtimeCnn.Camera;

namespace RealtimeCnn.Tests.Studio;

/// <summary>The studio where networks run and pictures are drawn on OpenGL.</summary>
[Collection(OpenGL.GlTests.Name)]
public sealed class StudioBackendTests
{
    [Theory]
    [InlineData("gpu")]
    [InlineData("cpu")]
    public async Task Pictures_are_upright_and_steps_are_timed_where_the_network_runs(string backend)
    {
        await using var studio = await StartedStudio.StartAsync(source: "digits", mode: "signs", backend: backend, size: new Size2d(720, 1280));
        using var socket = await studio.WatchAsync();
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.jpg");
        try
        {
            await File.WriteAllBytesAsync(file, await PictureAsync(socket));
            using var picture = Photograph.Load(file);
            Assert.Equal((1280, 720), (picture.Format.Width, picture.Format.Height));
            // The title, in the accent's colour, stands at the upper left.
            Assert.InRange(Amber(picture.Pixels, 0, 50), 100, 5000);
            Assert.InRange(Amber(picture.Pixels, 660, 690), 0, 50);
        }
        finally
        {
            File.Delete(file);
        }

        using var client = new HttpClient { BaseAddress = studio.Address };
        using var answer = await client.PostAsync("/study", null);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        var found = JsonNode.Parse(text)!;
        Assert.Equal(backend, found["backend"]!.GetValue<string>());
        Assert.Contains(found["layers"]!.AsArray(), layer => layer!["where"]!.GetValue<string>() == backend && layer["milliseconds"]?.GetValue<double>() > 0);
    }

    private static int Amber(ReadOnlySpan<byte> rgb, int fromRow, int toRow)
    {
        int count = 0;
        for (int y = fromRow; y < toRow; y++)
        {
            for (int x = 0; x < 160; x++)
            {
                int at = ((y * 1280) + x) * 3;
                if (rgb[at] > 200 && rgb[at + 1] is > 140 and < 215 && rgb[at + 2] < 120)
                    count++;
            }
        }

        return count;
    }

    private static async Task<byte[]> PictureAsync(ClientWebSocket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var message = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, patience.Token);
            message.Write(buffer, 0, received.Count);
            if (!received.EndOfMessage)
                continue;
            if (received.MessageType == WebSocketMessageType.Binary)
                return message.ToArray();
            message.SetLength(0);
        }
    }
}
