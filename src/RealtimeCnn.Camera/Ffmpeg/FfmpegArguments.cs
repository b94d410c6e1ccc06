using System.Globalization;
using RealtimeCnn.Images;

namespace RealtimeCnn.Camera.Ffmpeg;

/// <summary>The operating systems whose cameras FFmpeg reads in different ways.</summary>
internal enum CameraPlatform
{
    Linux,
    Windows,
    MacOS,
}

/// <summary>Builds FFmpeg's command lines. Pure: no process, no file, no device is touched.</summary>
internal static class FfmpegArguments
{
    /// <summary>Pixel formats a frame can have, so that FFmpeg picks the one nearest to the source's.</summary>
    private const string Formats = "nv12|yuyv422|gray|rgb24|bgr24|rgba|bgra";

    private static readonly Version FpsMode = new(5, 1);

    // Live: hand out each picture at once, analyse little before the first one.
    private static readonly string[] LowLatency = ["-fflags", "nobuffer", "-flags", "low_delay", "-analyzeduration", "200000"];

    // Containers that hold all of their own data. What names other files or addresses (playlists, concat scripts, session
    // descriptions, numbered pictures) is not among them.
    private const string Containers =
        "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,nut,mxf,gxf,wtv,dv,rm,ivf,yuv4mpegpipe,"
        + "gif,apng,mjpeg,mjpeg_2000,mpjpeg,h261,h263,h264,hevc,vvc,m4v,obu,av1,vc1,dirac,"
        + "jpeg_pipe,png_pipe,webp_pipe,bmp_pipe,tiff_pipe,wav,w64,mp3,flac,aac,ac3,eac3,aiff,au,caf,amr";

    // Containers with an index of their pictures; in others a search by bytes may land behind the place, or between pictures that others need.
    private static readonly string[] Indexed = [".mp4", ".m4v", ".mov", ".mkv", ".webm"];

    private static readonly string[] VideoOnDemand = [".mp4", ".m4v", ".mkv", ".webm", ".mov", ".avi", ".mpg", ".mpeg"];

    public static CameraPlatform ThisPlatform =>
        OperatingSystem.IsWindows() ? CameraPlatform.Windows
        : OperatingSystem.IsMacOS() ? CameraPlatform.MacOS
        : CameraPlatform.Linux;

    /// <summary>Whether the pictures behind a URL come when they are taken, rather than as fast as they are read.</summary>
    public static bool IsLive(Uri url) =>
        !VideoOnDemand.Contains(Path.GetExtension(url.AbsolutePath), StringComparer.OrdinalIgnoreCase);

    /// <summary>Options that read a video file, and nothing that the file may name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="loop">Whether it begins again at its end.</param>
    /// <param name="maxPixels">Most pixels of a picture.</param>
    public static string[] File(string path, bool loop, int maxPixels) =>
    [
        "-protocol_whitelist", "file", "-format_whitelist", Containers, .. Limit(maxPixels),
        .. loop ? ["-stream_loop", "-1"] : Array.Empty<string>(),
        // By a picture's extension FFmpeg takes the name for a pattern of numbered pictures.
        .. Path.GetExtension(path).Equals(".gif", StringComparison.OrdinalIgnoreCase) && path.AsSpan().ContainsAny("%*?[{") ? ["-f", "gif"] : Array.Empty<string>(),
        "-i", $"file:{path}",
    ];

    /// <summary>Options that read a video from a time on. What has no index is decoded from its beginning, up to there in vain.</summary>
    /// <param name="input">Options that read all of it.</param>
    /// <param name="name">Path or address.</param>
    /// <param name="from">Pictures before this time are left out.</param>
    public static string[] From(string[] input, string name, TimeSpan from)
    {
        string[] time = ["-ss", from.TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture)];
        string path = Uri.TryCreate(name, UriKind.Absolute, out var url) ? url.AbsolutePath : name;
        return Indexed.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) ? [.. time, .. input] : [.. input, .. time];
    }

    /// <summary>The whole command line for one photograph that comes on standard input. Damage is an error: half a picture is none.</summary>
    /// <param name="version">FFmpeg's version.</param>
    /// <param name="format">Options that name demuxer and decoder.</param>
    /// <param name="bytes">The photograph's size, which decoders without a parser need.</param>
    /// <param name="maxPixels">Most pixels that are decoded.</param>
    public static string[] Photograph(Version version, string[] format, long bytes, int maxPixels) => Command(version,
        [
            "-protocol_whitelist", "pipe", "-xerror", "-err_detect", "crccheck", .. Limit(maxPixels), .. format,
            // GIF is read picture by picture, all others in one piece.
            .. format is [_, "gif"] ? Array.Empty<string>() : ["-frame_size", Number(bytes)], "-i", "pipe:0",
        ],
        onePicture: true);

    /// <summary>Options that read a network stream. A live one is stamped at arrival: motion JPEG carries no time, and ours is the clock that counts.</summary>
    /// <param name="url">The address.</param>
    /// <param name="version">FFmpeg's version.</param>
    /// <param name="options">Patience and limits.</param>
    /// <exception cref="CameraException">Addresses of this kind are not read.</exception>
    public static string[] Url(Uri url, Version version, CameraOptions options)
    {
        // Longer than our own patience, which says more about the reason: this one is for when we are not there any more.
        var silence = (options.OpenTimeout > options.LostAfter ? options.OpenTimeout : options.LostAfter) + TimeSpan.FromSeconds(1);
        string[] transport = url.Scheme is "rtsp" or "rtsps" ? ["-rtsp_transport", "tcp"] : [];
        string[] live = IsLive(url) ? [.. LowLatency, .. url.Scheme is "http" or "https" ? ["-use_wallclock_as_timestamps", "1"] : Array.Empty<string>()] : [];
        return ["-protocol_whitelist", StreamProtocols.For(url), .. StreamProtocols.Timeout(url, version, silence), .. Limit(options.MaxPixels), .. live, .. transport, "-i", url.OriginalString];
    }

    /// <summary>Options that read a camera.</summary>
    /// <param name="platform">Whose camera interface.</param>
    /// <param name="device">Linux: <c>/dev/video0</c>; Windows: the name that DirectShow lists; macOS: index or name.</param>
    /// <param name="options">Size, rate and format to ask for.</param>
    public static string[] Camera(CameraPlatform platform, string device, CameraOptions options)
    {
        List<string> arguments = [.. Limit(options.MaxPixels), .. LowLatency];
        arguments.AddRange(platform switch
        {
            CameraPlatform.Windows => ["-f", "dshow", "-rtbufsize", "64M"],
            CameraPlatform.MacOS => ["-f", "avfoundation"],
            _ => ["-f", "v4l2"],
        });
        if (options.InputFormat is { } format)
            arguments.AddRange(InputFormat(platform, format));
        if (options is { Width: { } width, Height: { } height })
            arguments.AddRange(["-video_size", $"{width}x{height}"]);
        if (options.FrameRate is { } rate)
            arguments.AddRange(["-framerate", rate.ToString("0.###", CultureInfo.InvariantCulture)]);
        arguments.AddRange(["-i", platform switch
        {
            CameraPlatform.Windows => $"video={device}",
            CameraPlatform.MacOS => $"{device}:none",
            _ => device,
        }]);
        return [.. arguments];
    }

    /// <summary>Asks for the cameras. FFmpeg answers in its log and ends with an error, since nothing is opened.</summary>
    public static string[] ListDevices(CameraPlatform platform) => platform switch
    {
        CameraPlatform.Windows => ["-hide_banner", "-nostdin", "-f", "dshow", "-list_devices", "true", "-i", "dummy"],
        CameraPlatform.MacOS => ["-hide_banner", "-nostdin", "-f", "avfoundation", "-list_devices", "true", "-i", ""],
        _ => throw new ArgumentOutOfRangeException(nameof(platform), "Linux lists cameras in /sys/class/video4linux."),
    };

    /// <summary>Asks for a camera's formats. AVFoundation only lists them when asked for a size that it does not have.</summary>
    public static string[] ListFormats(CameraPlatform platform, string device) => platform switch
    {
        CameraPlatform.Windows => ["-hide_banner", "-nostdin", "-f", "dshow", "-list_options", "true", "-i", $"video={device}"],
        CameraPlatform.MacOS => ["-hide_banner", "-nostdin", "-f", "avfoundation", "-video_size", "1x1", "-i", $"{device}:none"],
        _ => ["-hide_banner", "-nostdin", "-f", "v4l2", "-list_formats", "all", "-i", device],
    };

    /// <summary>The whole command line: one raw video stream with exact times on standard output.</summary>
    /// <param name="version">FFmpeg's version.</param>
    /// <param name="input">Options from one of the other functions.</param>
    /// <param name="onePicture">Whether only the first picture is wanted, and only as <c>rgb24</c>.</param>
    public static string[] Command(Version version, string[] input, bool onePicture = false) =>
    [
        "-hide_banner", "-nostdin", "-nostats", "-loglevel", "info",
        .. input,
        "-map", "0:v:0",
        .. onePicture ? ["-frames:v", "1"] : Array.Empty<string>(),
        "-filter:v", Filters(onePicture),
        // A change of size goes through as it is, every picture keeps its own time, none is repeated or left out.
        "-autoscale", "0",
        .. version >= FpsMode ? ["-fps_mode", "passthrough"] : (string[])["-vsync", "passthrough"],
        // Without it, times are rounded to multiples of a guessed frame rate.
        "-enc_time_base", "1:1000000",
        "-codec:v", "rawvideo",
        "-f", "nut", "-write_index", "0", "-flush_packets", "1", "-",
    ];

    /// <summary>The whole command line that writes raw pictures of standard input into a video file.</summary>
    /// <param name="path">The file, absolute.</param>
    /// <param name="format">Size of the pictures.</param>
    /// <param name="pixels">Their layout, in FFmpeg's words.</param>
    /// <param name="rate">Pictures per second.</param>
    public static string[] Write(string path, FrameFormat format, string pixels, double rate) =>
    [
        "-hide_banner", "-nostats", "-loglevel", "error", "-protocol_whitelist", "pipe", "-f", "rawvideo", "-pixel_format", pixels, "-video_size", $"{format.Width}x{format.Height}",
        "-framerate", rate.ToString("0.######", CultureInfo.InvariantCulture), "-i", "pipe:0",
        // Sides are even where chroma has half of them; a GIF has 256 colours, which are chosen for its pictures.
        .. Path.GetExtension(path).Equals(".gif", StringComparison.OrdinalIgnoreCase)
            ? (string[])["-filter:v", "split[a][b];[a]palettegen=stats_mode=diff[p];[b][p]paletteuse"]
            : ["-filter:v", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-pix_fmt", "yuv420p"],
        "-y", $"file:{path}",
    ];

    private static string Filters(bool rgbOnly) => $"format={(rgbOnly ? "rgb24" : Formats)},showinfo=checksum=0";

    // FFmpeg rounds sides up before it compares, so it is told more; what slips through is refused by its size.
    private static string[] Limit(int maxPixels) => ["-max_pixels", Number((2L * maxPixels) + 4096)];

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string[] InputFormat(CameraPlatform platform, string format) => platform switch
    {
        CameraPlatform.Linux => ["-input_format", format],
        // DirectShow takes compressed formats as codecs and raw ones as pixel formats.
        CameraPlatform.Windows when format is "mjpeg" or "h264" => ["-vcodec", format],
        _ => ["-pixel_format", format],
    };
}
