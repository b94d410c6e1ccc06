using System.Globalization;
using System.Text.RegularExpressions;

namespace RealtimeCnn.OpenGL;

/// <summary>The two kinds of OpenGL that networks run on.</summary>
public enum GlClientApi
{
    /// <summary>OpenGL, core profile: PCs.</summary>
    Desktop,

    /// <summary>OpenGL ES: Raspberry Pi, Android boards, most of ARM.</summary>
    Embedded,
}

/// <summary>A version of OpenGL or OpenGL ES. Every version of ES counts as older than those of the desktop, which have all that it has.</summary>
/// <param name="Major">First number.</param>
/// <param name="Minor">Second number.</param>
/// <param name="Api">Which of the two it is of.</param>
public readonly partial record struct GlVersion(int Major, int Minor, GlClientApi Api = GlClientApi.Desktop)
{
    /// <summary>The oldest version of the desktop with compute shaders, buffer ranges as textures and debug messages.</summary>
    public static GlVersion Required { get; } = new(4, 3);

    /// <summary>The oldest version of OpenGL ES with compute shaders.</summary>
    public static GlVersion RequiredEmbedded { get; } = new(3, 1, GlClientApi.Embedded);

    /// <summary>What a host may ask for, in order of preference.</summary>
    /// <param name="api">Of which API; null for both.</param>
    public static IReadOnlyList<GlVersion> Wanted(GlClientApi? api) => api switch
    {
        GlClientApi.Desktop => [Required],
        GlClientApi.Embedded => [RequiredEmbedded],
        _ => [Required, RequiredEmbedded],
    };

    /// <summary>Whether it is one of OpenGL ES.</summary>
    internal bool IsEmbedded => Api == GlClientApi.Embedded;

    /// <summary>Whether networks run on it.</summary>
    internal bool Suffices => this >= (IsEmbedded ? RequiredEmbedded : Required);

    /// <summary>Reads the start of a <c>GL_VERSION</c> string.</summary>
    internal static bool TryParse(string text, out GlVersion version)
    {
        var match = Pattern().Match(text);
        version = match.Success
            ? new(
                int.Parse(match.Groups["major"].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups["minor"].Value, CultureInfo.InvariantCulture),
                match.Groups["es"].Success ? GlClientApi.Embedded : GlClientApi.Desktop)
            : default;
        return match.Success;
    }

    /// <summary>Whether one version is older than another.</summary>
    public static bool operator <(GlVersion a, GlVersion b) => (!a.IsEmbedded, a.Major, a.Minor).CompareTo((!b.IsEmbedded, b.Major, b.Minor)) < 0;

    /// <summary>Whether one version is newer than another.</summary>
    public static bool operator >(GlVersion a, GlVersion b) => b < a;

    /// <summary>Whether one version is not newer than another.</summary>
    public static bool operator <=(GlVersion a, GlVersion b) => !(b < a);

    /// <summary>Whether one version is not older than another.</summary>
    public static bool operator >=(GlVersion a, GlVersion b) => !(a < b);

    /// <summary>Such as <c>4.5</c> or <c>ES 3.1</c>, to be read behind "OpenGL".</summary>
    public override string ToString() => $"{(IsEmbedded ? "ES " : "")}{Major}.{Minor}";

    [GeneratedRegex(@"^(?<es>OpenGL ES )?(?<major>\d+)\.(?<minor>\d+)")]
    private static partial Regex Pattern();
}
