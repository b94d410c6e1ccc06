using System.Globalization;
using System.Text.RegularExpressions;
using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>Makes the frame source that a word on a command line means.</summary>
public static partial class FrameSources
{
    /// <summary>
    /// Makes a source, without starting it:
    /// <list type="bullet">
    /// <item><c>camera:0</c>, <c>camera:NAME</c>, <c>camera:/dev/video2</c>: a webcam;</item>
    /// <item><c>pattern</c>, <c>pattern:1280x720@60</c>: the generated test scene;</item>
    /// <item><c>digits</c>: digits written on a board, for networks that read;</item>
    /// <item><c>numbers</c>: digits on a sheet of paper, for networks that find things;</item>
    /// <item>an address with <c>://</c> (http, https, rtsp…): a network stream;</item>
    /// <item>the path of a picture, of a folder of pictures, of a video, or of a recording (<c>.rtcnn</c>, see <see cref="FrameRecorder"/>).</item>
    /// </list>
    /// </summary>
    /// <param name="source">One of these.</param>
    /// <param name="options">What to ask of a device, and patience; null for defaults.</param>
    /// <exception cref="CameraException">The word means nothing, or the file it names does not exist.</exception>
    public static IFrameSource Open(string source, CameraOptions? options = null)
    {
        if (string.IsNullOrWhiteSpace(source))
            throw new CameraException($"No source was given. {Choices}");
        if (source == "pattern" || source.StartsWith("pattern:", StringComparison.Ordinal))
            return Pattern(source);
        if (source == "digits")
            return new WrittenDigitsSource();
        if (source == "numbers")
            return new WrittenNumbersSource();
        if (source.StartsWith("camera:", StringComparison.Ordinal))
            return source.Length > "camera:".Length ? FfmpegSource.Camera(source["camera:".Length..], options) : throw new CameraException("'camera:' names no camera; camera:0 is the first one.");
        if (source.Contains("://", StringComparison.Ordinal))
        {
            if (!Uri.TryCreate(source, UriKind.Absolute, out var url))
                throw new CameraException($"'{Redaction.Anonymous(source)}' is not a valid address.");
            return url.IsFile ? Open(url.LocalPath, options) : FfmpegSource.Url(url, options);
        }

        if (Directory.Exists(source))
            return Pictures(source, options);
        if (!File.Exists(source))
            throw new CameraException($"There is no file or folder '{source}'. {Choices}");
        if (source.EndsWith(FrameRecorder.Extension, StringComparison.OrdinalIgnoreCase))
            return new ReplaySource(source, options?.Loop);
        return Photograph.HasPhotographExtension(source) ? Pictures(source, options) : FfmpegSource.File(source, options);
    }

    /// <summary>As <see cref="Open(string, CameraOptions?)"/>, with a choice of the library that reads webcams, videos and streams.</summary>
    /// <param name="source">As there.</param>
    /// <param name="cameraBackend">
    /// <c>auto</c> (a webcam through the first adapter that is built in and can open it, everything else and otherwise through FFmpeg),
    /// or <c>ffmpeg</c> or an adapter's name, which is never replaced by another.
    /// </param>
    /// <param name="options">As there.</param>
    /// <param name="adapters">The adapters that are built in, best first.</param>
    /// <exception cref="CameraException">As there; or the chosen library is not in this build, cannot be used, or is not one that reads this.</exception>
    public static OpenedSource Open(string source, string cameraBackend, CameraOptions? options, params IReadOnlyList<ICameraBackend> adapters)
    {
        ArgumentNullException.ThrowIfNull(adapters);
        string[] known = ["auto", "ffmpeg", .. adapters.Select(adapter => adapter.Name)];
        if (!known.Contains(cameraBackend))
            throw new CameraException($"There is no camera backend '{cameraBackend}' in this build; there is {string.Join(", ", known)}.");

        // Checks the word too; nothing is started.
        var usual = Open(source, options);
        if (cameraBackend == "auto")
            return OpenWithWhatWorks(source, usual, options, adapters);
        if (usual is not FfmpegSource)
        {
            string name = usual.Name;
            usual.Dispose();
            throw new CameraException($"'{name}' is not read by a camera library, so '{cameraBackend}' cannot be asked to; leave that choice out for it.");
        }

        if (cameraBackend == "ffmpeg")
            return new OpenedSource(usual, $"{usual.Name} through FFmpeg, as asked");
        usual.Dispose();
        var chosen = adapters.First(adapter => adapter.Name == cameraBackend);
        if (chosen.WhyUnavailable is { } reason)
            throw new CameraException($"{chosen.Title} {reason}.");
        var opened = chosen.Open(source, options);
        return new OpenedSource(opened, $"{opened.Name} through {chosen.Title}, as asked");
    }

    private static OpenedSource OpenWithWhatWorks(string source, IFrameSource usual, CameraOptions? options, IReadOnlyList<ICameraBackend> adapters)
    {
        if (usual is not FfmpegSource)
            return new OpenedSource(usual, usual.Name);
        List<string> reasons = [];
        if (source.StartsWith("camera:", StringComparison.Ordinal))
        {
            foreach (var adapter in adapters.Where(adapter => adapter.IsBuiltIn))
            {
                if (adapter.WhyUnavailable is { } unavailable)
                {
                    reasons.Add($"{adapter.Title} {unavailable}");
                    continue;
                }

                try
                {
                    var opened = adapter.Open(source, options);
                    usual.Dispose();
                    return new OpenedSource(opened, $"{opened.Name} through {adapter.Title}");
                }
                catch (CameraException error)
                {
                    reasons.Add(error.Message.TrimEnd('.'));
                }
            }
        }

        return new OpenedSource(usual, $"{usual.Name} through FFmpeg{(reasons.Count > 0 ? $": {string.Join("; ", reasons)}" : "")}");
    }

    private static string Choices => "Give camera:0, pattern, digits, numbers, an address such as http://host/stream, or the path of a video, a picture or a folder of pictures.";

    private static ImageSource Pictures(string path, CameraOptions? options) => new(path, loop: options?.Loop, maxPixels: options?.MaxPixels ?? Photograph.DefaultMaxPixels);

    private static TestPatternSource Pattern(string source)
    {
        if (source == "pattern")
            return new TestPatternSource();
        if (PatternSize().Match(source) is not { Success: true } match)
            throw new CameraException($"'{source}' is no test pattern; write pattern, pattern:640x480 or pattern:640x480@30.");
        try
        {
            return new TestPatternSource(
                int.Parse(match.Groups["w"].ValueSpan, CultureInfo.InvariantCulture),
                int.Parse(match.Groups["h"].ValueSpan, CultureInfo.InvariantCulture),
                match.Groups["rate"] is { Success: true } rate ? double.Parse(rate.ValueSpan, CultureInfo.InvariantCulture) : 30);
        }
        catch (Exception error) when (error is ArgumentException or OverflowException)
        {
            throw new CameraException($"'{source}' is no possible test pattern: sides of 32 pixels or more, and a rate above zero.", error);
        }
    }

    [GeneratedRegex(@"^pattern:(?<w>\d+)x(?<h>\d+)(@(?<rate>\d+(\.\d+)?))?$")]
    private static partial Regex PatternSize();
}
