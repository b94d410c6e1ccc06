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
            throw new CameraException(Reason($"{width}", $"{height}"));
    }

    /// <summary>Why FFmpeg, told the limit, refused a picture; null when its log does not say so.</summary>
    /// <param name="lines">FFmpeg's log.</param>
    public string? ReasonIn(IEnumerable<string> lines) => lines.Select(line => Exceeds().Match(line)).FirstOrDefault(match => match.Success) is { } size
        ? Reason(size.Groups["w"].Value, size.Groups["h"].Value)
        : null;

    private string Reason(string width, string height) =>
        $"{Name} has {width}×{height} pixels; at most {MaxPixels} are decoded. If it can be trusted, raise MaxPixels.";

    [GeneratedRegex(@"Picture size (?<w>\d+)x(?<h>\d+) (exceeds specified max pixel count|is invalid)")]
    private static partial Regex Exceeds();
}
