using System.Globalization;
using System.Text.RegularExpressions;

namespace RealtimeCnn.OpenGL;

/// <summary>A version of desktop OpenGL.</summary>
/// <param name="Major">First number.</param>
/// <param name="Minor">Second number.</param>
public readonly partial record struct GlVersion(int Major, int Minor)
{
    /// <summary>The oldest version with compute shaders, buffer ranges as textures and debug messages.</summary>
    public static GlVersion Required { get; } = new(4, 3);

    /// <summary>Reads the start of a <c>GL_VERSION</c> string; OpenGL ES has none of this form.</summary>
    internal static bool TryParse(string text, out GlVersion version)
    {
        var match = Pattern().Match(text);
        version = match.Success
            ? new(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture))
            : default;
        return match.Success;
    }

    /// <summary>Whether one version is older than another.</summary>
    public static bool operator <(GlVersion a, GlVersion b) => (a.Major, a.Minor).CompareTo((b.Major, b.Minor)) < 0;

    /// <summary>Whether one version is newer than another.</summary>
    public static bool operator >(GlVersion a, GlVersion b) => b < a;

    /// <summary>Whether one version is not newer than another.</summary>
    public static bool operator <=(GlVersion a, GlVersion b) => !(b < a);

    /// <summary>Whether one version is not older than another.</summary>
    public static bool operator >=(GlVersion a, GlVersion b) => !(a < b);

    /// <inheritdoc/>
    public override string ToString() => $"{Major}.{Minor}";

    [GeneratedRegex(@"^(\d+)\.(\d+)")]
    private static partial Regex Pattern();
}
