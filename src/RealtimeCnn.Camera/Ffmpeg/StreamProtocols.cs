namespace RealtimeCnn.Camera.Ffmpeg;

/// <summary>
/// What FFmpeg may open for an address. A stream can name other addresses, as playlists and redirections do; none may
/// lead to a file of this machine, or out of the protocol's own family.
/// </summary>
internal static class StreamProtocols
{
    private const string Web = "http,https,httpproxy,tcp,tls,crypto,data";

    private static readonly Dictionary<string, string> BySchema = new(StringComparer.OrdinalIgnoreCase)
    {
        ["http"] = Web,
        ["https"] = Web,
        ["rtsp"] = $"rtsp,rtp,srtp,udp,{Web}",
        ["rtsps"] = $"rtsp,rtp,srtp,udp,{Web}",
        ["rtmp"] = $"rtmp,{Web}",
        ["rtmps"] = $"rtmps,{Web}",
        ["rtp"] = "rtp,srtp,udp",
        ["srt"] = "srt",
        ["tcp"] = "tcp",
        ["udp"] = "udp",
    };

    /// <summary>The protocols for an address, separated by commas.</summary>
    /// <param name="url">The address.</param>
    /// <exception cref="CameraException">Addresses of this kind are not read.</exception>
    public static string For(Uri url) => BySchema.TryGetValue(url.Scheme, out string? protocols)
        ? protocols
        : throw new CameraException($"Addresses that begin with '{url.Scheme}://' are not read; {string.Join(", ", BySchema.Keys)} are.");

    /// <summary>FFmpeg's option for the longest silence of a connection; empty where a protocol has none.</summary>
    /// <param name="url">The address.</param>
    /// <param name="version">FFmpeg's version: before 5.0 the option of rtsp had another name.</param>
    /// <param name="silence">The longest silence.</param>
    public static string[] Timeout(Uri url, Version version, TimeSpan silence)
    {
        string microseconds = FormattableString.Invariant($"{silence.TotalMicroseconds:0}");
        return url.Scheme switch
        {
            "rtsp" or "rtsps" => [version.Major < 5 ? "-stimeout" : "-timeout", microseconds],
            "udp" => ["-timeout", microseconds],
            "rtp" => [],
            _ => ["-rw_timeout", microseconds],
        };
    }
}
