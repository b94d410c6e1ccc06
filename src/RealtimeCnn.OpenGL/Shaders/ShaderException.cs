using System.Globalization;
using System.Text.RegularExpressions;

namespace RealtimeCnn.OpenGL.Shaders;

/// <summary>A shader that does not compile or link; the message starts with the file and line to open.</summary>
public sealed partial class ShaderException : GlException
{
    internal ShaderException(string file, int line, string message, string log)
        : base(message) => (File, Line, Log) = (file, line, log);

    /// <summary>Path relative to <c>shaders/</c>.</summary>
    public string File { get; }

    /// <summary>Line in <see cref="File"/>, from 1; 0 where the driver named none.</summary>
    public int Line { get; }

    /// <summary>All that the driver said.</summary>
    public string Log { get; }

    /// <summary>Reads the driver's log, and points its first error at the file and line it means.</summary>
    internal static ShaderException FromLog(ShaderLibrary library, ShaderSource source, IReadOnlyList<string> defines, string log)
    {
        string mapped = Place().Replace(log.Trim(), Decoded);
        var first = Place().Match(log);
        var (path, line) = first.Success ? Decode(first) : (source.Path, 0);
        string text = line > 0 ? $"\n    {line} | {library.Line(path, line).Trim()}" : "";
        string setup = defines.Count == 0 ? "" : $"\n  with {string.Join(", ", defines)}";
        string heading = path == source.Path ? $"{path}:{line}" : $"{path}:{line} (compiling {source.Path})";
        return new ShaderException(path, line, $"{heading}: {mapped}{text}{setup}", log);

        string Decoded(Match match)
        {
            var place = Decode(match);
            return $"{place.Path}:{place.Line}";
        }

        (string Path, int Line) Decode(Match match) => source.Decode(int.Parse(match.Groups["line"].Value, CultureInfo.InvariantCulture));
    }

    // Mesa 0:12(5), NVIDIA 0(12), AMD and Intel ERROR: 0:12; always a source number, then the line.
    [GeneratedRegex(@"(?<![\w.])\d+(?::(?<line>\d+)(?:\(\d+\))?|\((?<line>\d+)\))")]
    private static partial Regex Place();
}
