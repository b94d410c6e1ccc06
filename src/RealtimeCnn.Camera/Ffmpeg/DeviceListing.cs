using System.Globalization;
using System.Text.RegularExpressions;

namespace RealtimeCnn.Camera.Ffmpeg;

/// <summary>Reads what FFmpeg's three camera interfaces say about devices and formats. Pure.</summary>
internal static partial class DeviceListing
{
    /// <summary>Formats in the log of <c>-f v4l2 -list_formats all</c>; ranges of sizes are given by their largest.</summary>
    public static IReadOnlyList<CameraFormat> V4l2Formats(IEnumerable<string> lines)
    {
        List<CameraFormat> formats = [];
        foreach (string line in lines)
        {
            if (V4l2Format().Match(line) is not { Success: true } format || format.Groups["name"].Value == "Unsupported")
                continue;
            foreach (Match size in V4l2Size().Matches(format.Groups["sizes"].Value))
                formats.Add(new CameraFormat(format.Groups["name"].Value, Int(size, "w"), Int(size, "h")));
        }

        return formats;
    }

    /// <summary>Cameras in the log of <c>-f dshow -list_devices true</c>, of FFmpeg 5 and later or of 4.</summary>
    public static IReadOnlyList<CameraDevice> DirectShowDevices(IEnumerable<string> lines)
    {
        List<CameraDevice> devices = [];
        bool video = false;
        bool last = false;
        foreach (string line in lines)
        {
            if (line.Contains("DirectShow video devices", StringComparison.Ordinal) || line.Contains("DirectShow audio devices", StringComparison.Ordinal))
            {
                video = line.Contains("video devices", StringComparison.Ordinal);
            }
            else if (DirectShowAlternative().Match(line) is { Success: true } alternative)
            {
                // Two cameras of one make have one name; the alternative name is unique.
                if (last)
                    devices[^1] = devices[^1] with { Address = alternative.Groups["name"].Value };
            }
            else if (DirectShowDevice().Match(line) is { Success: true } device)
            {
                last = device.Groups["kind"] is { Success: true } kind ? kind.Value.Contains("video", StringComparison.Ordinal) || kind.Value == "none" : video;
                string name = device.Groups["name"].Value;
                if (last)
                    devices.Add(new CameraDevice(devices.Count, name, name, []));
            }
        }

        return devices;
    }

    /// <summary>Formats in the log of <c>-f dshow -list_options true</c>.</summary>
    public static IReadOnlyList<CameraFormat> DirectShowFormats(IEnumerable<string> lines) =>
    [
        .. lines.Select(line => DirectShowFormat().Match(line)).Where(match => match.Success)
            .Select(match => new CameraFormat(match.Groups["name"].Value, Int(match, "w"), Int(match, "h"), Real(match, "slow"), Real(match, "fast")))
            .Distinct(),
    ];

    /// <summary>Cameras in the log of <c>-f avfoundation -list_devices true</c>; captured screens are left out.</summary>
    public static IReadOnlyList<CameraDevice> AVFoundationDevices(IEnumerable<string> lines) =>
    [
        .. lines.SkipWhile(line => !line.Contains("AVFoundation video devices", StringComparison.Ordinal))
            .TakeWhile(line => !line.Contains("AVFoundation audio devices", StringComparison.Ordinal))
            .Select(line => AVFoundationDevice().Match(line))
            .Where(match => match.Success && !match.Groups["name"].Value.StartsWith("Capture screen", StringComparison.Ordinal))
            .Select(match => new CameraDevice(Int(match, "number"), match.Groups["name"].Value, match.Groups["number"].Value, [])),
    ];

    /// <summary>Formats in AVFoundation's answer to an impossible request.</summary>
    public static IReadOnlyList<CameraFormat> AVFoundationFormats(IEnumerable<string> lines) =>
    [
        .. lines.Select(line => AVFoundationFormat().Match(line)).Where(match => match.Success)
            .Select(match => new CameraFormat("", Int(match, "w"), Int(match, "h"), Real(match, "slow"), Real(match, "fast")))
            .Distinct(),
    ];

    private static int Int(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static double Real(Match match, string group) => double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\] (Raw|Compressed) *: *(?<name>\S+) *:.*?:(?<sizes>( (\d+x\d+|\{\d+-\d+, \d+\}x\{\d+-\d+, \d+\}))*)\s*$")]
    private static partial Regex V4l2Format();

    [GeneratedRegex(@"(\{\d+-)?(?<w>\d+)(, \d+\})?x(\{\d+-)?(?<h>\d+)")]
    private static partial Regex V4l2Size();

    [GeneratedRegex(@"^\[[^\]]*\] +Alternative name ""(?<name>[^""]+)""")]
    private static partial Regex DirectShowAlternative();

    [GeneratedRegex(@"^\[[^\]]*\] +""(?<name>[^""]+)""( \((?<kind>[^)]*)\))?\s*$")]
    private static partial Regex DirectShowDevice();

    [GeneratedRegex(@"(vcodec|pixel_format)=(?<name>\S+)  min s=\d+x\d+ fps=(?<slow>[\d.]+) max s=(?<w>\d+)x(?<h>\d+) fps=(?<fast>[\d.]+)")]
    private static partial Regex DirectShowFormat();

    [GeneratedRegex(@"\] \[(?<number>\d+)\] (?<name>.+)$")]
    private static partial Regex AVFoundationDevice();

    [GeneratedRegex(@"(?<w>\d+)x(?<h>\d+)@\[(?<slow>[\d.]+) (?<fast>[\d.]+)\]fps")]
    private static partial Regex AVFoundationFormat();
}
