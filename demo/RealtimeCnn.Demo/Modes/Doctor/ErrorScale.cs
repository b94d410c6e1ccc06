using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Modes.Doctor;

/// <summary>The colour of an error: blue far below what is allowed, over grey to amber near it, and vermilion beyond, which everybody tells from the others.</summary>
internal static class ErrorScale
{
    // Powers of ten below the tolerance at which the scale begins.
    private const double Decades = 5;

    /// <summary>Of an error that is out of tolerance.</summary>
    public static Color Bad { get; } = Color.FromRgb(0xE5532D);

    private static readonly Color Middle = Color.FromRgb(0x9AA0A8);

    /// <summary>The colour.</summary>
    /// <param name="ratio">The error as a multiple of what is allowed.</param>
    public static Color Of(double ratio) => ratio <= 1 ? At(PartOf(ratio)) : Bad;

    /// <summary>The colour at a place of the scale.</summary>
    /// <param name="part">0 where both sides are nearly the same, 1 at what is allowed.</param>
    public static Color At(float part) => part < 0.6f ? Between(Theme.Cool, Middle, part / 0.6f) : Between(Middle, Theme.Accent, (part - 0.6f) / 0.4f);

    /// <summary>How far along the scale an error is: 0 at a hundred-thousandth of what is allowed or less, 1 at what is allowed or more.</summary>
    public static float PartOf(double ratio) => ratio <= 0 ? 0 : !(ratio <= 1) ? 1 : (float)Math.Clamp((Math.Log10(ratio) / Decades) + 1, 0, 1);

    private static Color Between(Color from, Color to, float part) => new(from.R + ((to.R - from.R) * part), from.G + ((to.G - from.G) * part), from.B + ((to.B - from.B) * part));
}
