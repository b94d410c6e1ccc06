using System.Text.RegularExpressions;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.OpenGL;

/// <summary>All of a device that the choice of kernels and tiles depends on: plans for a device can be made where it is not.</summary>
/// <param name="Kind">What kind of device it is.</param>
/// <param name="Limits">What its driver allows.</param>
/// <param name="SubgroupSize">Invocations that the device computes in step (a warp, a wave; lanes of a vector where the CPU computes), a power of two.</param>
public sealed partial record DeviceProfile(ProfileKind Kind, GlLimits Limits, int SubgroupSize)
{
    /// <summary>Invocations in step that are usual for a kind of device.</summary>
    public static int UsualSubgroup(ProfileKind kind) => kind switch
    {
        ProfileKind.Software => 8,
        ProfileKind.Discrete => 32,
        _ => 16,
    };

    /// <summary>A device of a kind, with the invocations in step that are usual for it.</summary>
    public static DeviceProfile Of(ProfileKind kind, GlLimits limits) => new(kind, limits, UsualSubgroup(kind));

    /// <summary>The profile of a device that is known by what its driver says.</summary>
    /// <param name="vendor">The driver's maker.</param>
    /// <param name="renderer">The device.</param>
    /// <param name="version">Of the context: a device that nobody has heard of is embedded where that is OpenGL ES, else integrated.</param>
    /// <param name="limits">What the driver allows.</param>
    /// <param name="subgroupSize">As the driver tells it; null where it does not, and what is usual is taken.</param>
    public static DeviceProfile Of(string vendor, string renderer, GlVersion version, GlLimits limits, int? subgroupSize)
    {
        ArgumentNullException.ThrowIfNull(vendor);
        ArgumentNullException.ThrowIfNull(renderer);
        // A translating driver names the device behind it as its renderer alone: zink, ANGLE, D3D12.
        string name = $"{renderer} by {vendor}";
        var kind = IsSoftwareName(renderer) ? ProfileKind.Software
            : EmbeddedNames().IsMatch(name) ? ProfileKind.Embedded
            : DiscreteNames().IsMatch(name) && !IntegratedNames().IsMatch(renderer) ? ProfileKind.Discrete
            : version.IsEmbedded && !PcNames().IsMatch(name) ? ProfileKind.Embedded
            : ProfileKind.Integrated;
        return new(kind, limits, subgroupSize ?? UsualSubgroup(kind));
    }

    /// <summary>Whether a renderer's name is that of a software rasteriser.</summary>
    internal static bool IsSoftwareName(string renderer) => SoftwareNames().IsMatch(renderer);

    /// <summary>Which tile of those that rules put in order is taken: 0 for the best, up to <see cref="TileRule.Ranks"/> to try others.</summary>
    internal int TileRank { get; init; }

    internal bool IsSoftware => Kind == ProfileKind.Software;

    [GeneratedRegex("llvmpipe|softpipe|swrast|SwiftShader|Software Rasterizer|GDI Generic|Microsoft Basic Render", RegexOptions.IgnoreCase)]
    private static partial Regex SoftwareNames();

    [GeneratedRegex(@"Tegra|Orin|Xavier|Mali|Immortalis|Panfrost|Panthor|Adreno|\bFD\d{3}|PowerVR|V3D|VideoCore|VC4|Vivante|GC\d{3,4}\b", RegexOptions.IgnoreCase)]
    private static partial Regex EmbeddedNames();

    [GeneratedRegex(@"NVIDIA|GeForce|Quadro|nouveau|\bNV[0-9A-F]{2,3}\b|Radeon|\bAMD\b|\bATI\b|Arc( ?\(TM\))? (Pro )?[AB]\d{2,3}", RegexOptions.IgnoreCase)]
    private static partial Regex DiscreteNames();

    // AMD's processors: "Radeon Graphics", "Radeon Vega 8 Graphics", "Radeon 780M"; cards have RX, R9, Pro or W in their names.
    [GeneratedRegex(@"Radeon(\(TM\)| \(TM\))?( (Vega|R[2-7]|HD))?( \d{1,3}M?)? Graphics|Radeon(\(TM\)| \(TM\))? \d{3}M\b|Radeon(\(TM\)| \(TM\))? Vega \d{1,2}\b", RegexOptions.IgnoreCase)]
    private static partial Regex IntegratedNames();

    [GeneratedRegex("Intel|Radeon|AMD|Apple", RegexOptions.IgnoreCase)]
    private static partial Regex PcNames();
}
