using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>
/// Colours and measures that all views share. Amber and blue, which stand for yes and no, more and less, are told apart by everybody;
/// nothing is said by red and green.
/// </summary>
internal static class Theme
{
    public const float Margin = 16, Gap = 10, Line = 24, SmallLine = 19;

    public static Color Background { get; } = Color.FromRgb(0x0B0E14);

    public static Color Panel { get; } = Color.FromRgb(0x141923);

    public static Color Raised { get; } = Color.FromRgb(0x222A38);

    public static Color Board { get; } = Color.FromRgb(0x101B1E);

    public static Color Chalk { get; } = Color.FromRgb(0xF4F2EA);

    public static Color Text { get; } = Color.FromRgb(0xE8ECF2);

    public static Color Muted { get; } = Color.FromRgb(0x8A94A6);

    public static Color Cool { get; } = Color.FromRgb(0x4FA3F6);

    public static Color Accent { get; } = Color.FromRgb(0xF6BE4F);
}
