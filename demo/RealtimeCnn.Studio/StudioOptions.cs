using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using RealtimeCnn.Demo;

namespace RealtimeCnn.Studio;

/// <summary>What the user of <c>rtcnn studio</c> asked for.</summary>
internal sealed record StudioOptions
{
    /// <summary>The port of a user who names none.</summary>
    public const int DefaultPort = 8710;

    /// <summary>Fewest and most characters of a token.</summary>
    public const int LeastTokenLength = 16, MostTokenLength = 128;

    /// <param name="demo">What is played.</param>
    /// <param name="host">The address to listen on.</param>
    /// <param name="port">The port; 0 for any that is free.</param>
    /// <param name="token">The user's token; null for one of ours where one is needed.</param>
    public StudioOptions(DemoOptions demo, IPAddress host, int port, string? token = null) =>
        (Demo, Host, Port, Token) = (demo, host, port, token ?? (IPAddress.IsLoopback(host) ? null : Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24))));

    /// <summary>What is played.</summary>
    public DemoOptions Demo { get; }

    /// <summary>The address to listen on.</summary>
    public IPAddress Host { get; }

    /// <summary>The port; 0 for any that is free.</summary>
    public int Port { get; }

    /// <summary>What opens the page; null for a page that only this machine reaches.</summary>
    public string? Token { get; }

    /// <summary>Most bytes of a model that is dropped on the page.</summary>
    public long MostModelBytes { get; init; } = 512L << 20;

    /// <summary>Whether a text can be a token: it stands in addresses and cookies as it is.</summary>
    public static bool IsToken(string text) => text.Length is >= LeastTokenLength and <= MostTokenLength && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
}
