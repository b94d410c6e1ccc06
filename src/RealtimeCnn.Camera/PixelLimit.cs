using System.Globalization;
using System.Text.RegularExpressions;

namespace RealtimeCnn.Camera;

/// <summary>The largest picture that is decoded: a file of a few kilobytes can ask for any amount of memory and time.</summary>
/// <param name="Name">The picture, for errors.</param>
/// <param name="MaxPixels">Most pixels.</param>
internal sealed partial record PixelLimit(string Name, int MaxPixels)
{
    /// <summary>Refuses a size above the limit.</summary>
    /// <exception cref="CameraException">The picture is larger.</exception>
    public void Check(int width, int height)
    {
        if ((long)width * height > MaxPixels)
            throw new CameraException($"{Name} has {width}×{height} pixels; at most {MaxPixels} are decoded. If it can be trusted, raise MaxPixels.");
    }

    /// <summary>Refuses a size that FFmpeg, told the limit, refused already.</summary>
    /// <param name="lines">FFmpeg's log.</param>
    /// <exception cref="CameraException">The log says so.</exception>
    public void CheckLog(IEnumerable<string> lines)
    {
        if (lines.Select(line => Exceeds().Match(line)).FirstOrDefault(match => match.Success) is not { } size)
            return;
        throw new CameraException($"{Name} has about {Side(size, "w")}×{Side(size, "h")} pixels; at most {MaxPixels} are decoded. If it can be trusted, raise MaxPixels.");
    }

    private static long Side(Match match, string group) => long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Picture size (?<w>\d+)x(?<h>\d+) (exceeds specified max pixel count|is invalid)")]
    private static partial Regex Exceeds();
}
