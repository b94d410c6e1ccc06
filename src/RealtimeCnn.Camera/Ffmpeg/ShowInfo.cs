using System.Globalization;
using System.Text.RegularExpressions;
using RealtimeCnn.Images;

namespace RealtimeCnn.Camera.Ffmpeg;

/// <summary>
/// Reads what FFmpeg's <c>showinfo</c> filter says about each picture on its way to the encoder. A raw video packet does
/// not say how its pixels lie, and a stream may change size at any picture; these lines come in the order of the packets.
/// </summary>
internal sealed partial class ShowInfo
{
    private RawPicture? _pending;

    /// <summary>
    /// Takes one line of the log. A picture is described by two lines: size and pixel format, then colours.
    /// Returns the format when the second has come, else null.
    /// </summary>
    /// <exception cref="InvalidDataException">The picture has a pixel format that was not asked for.</exception>
    public RawPicture? Read(string line)
    {
        if (PictureLine().Match(line) is { Success: true } picture)
        {
            _pending = new RawPicture(Number(picture, "w"), Number(picture, "h"), Pixels(picture.Groups["fmt"].Value));
            return null;
        }

        if (_pending is not { } described || ColourLine().Match(line) is not { Success: true } colours)
            return null;
        _pending = null;
        if (described.Pixels is not (PixelFormat.Yuyv or PixelFormat.Nv12))
            return described;
        return described with
        {
            Range = colours.Groups["range"].Value == "pc" ? YuvRange.Full : YuvRange.Limited,
            Matrix = colours.Groups["space"].Value switch
            {
                "bt709" => YuvMatrix.Bt709,
                "smpte170m" or "bt470bg" or "fcc" => YuvMatrix.Bt601,
                // Unmarked pictures follow the rule of players: standard definition is BT.601, larger is BT.709.
                _ => described.Height >= 720 ? YuvMatrix.Bt709 : YuvMatrix.Bt601,
            },
        };
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static PixelFormat Pixels(string name) => name switch
    {
        "nv12" => PixelFormat.Nv12,
        "yuyv422" => PixelFormat.Yuyv,
        "gray" => PixelFormat.Gray,
        "rgb24" => PixelFormat.Rgb,
        "bgr24" => PixelFormat.Bgr,
        "rgba" or "rgb0" => PixelFormat.Rgba,
        "bgra" or "bgr0" => PixelFormat.Bgra,
        _ => throw new InvalidDataException($"FFmpeg delivers pixel format '{name}', which was not asked for."),
    };

    [GeneratedRegex(@"^\[Parsed_showinfo\S* @ \S+\] n: *\d+ pts: *.* fmt: *(?<fmt>\S+) .* s: *(?<w>\d+)x(?<h>\d+) ")]
    private static partial Regex PictureLine();

    [GeneratedRegex(@"^\[Parsed_showinfo\S* @ \S+\] color_range:(?<range>\S+) color_space:(?<space>\S+)")]
    private static partial Regex ColourLine();
}
