using RealtimeCnn.Drawing;

namespace RealtimeCnn.Textbook.Drawing;

/// <summary>The colours of the pictures, and the two ramps that numbers are shown in.</summary>
internal static class Palette
{
    public static readonly Color Paper = Color.FromRgb(0xFCFCFA);
    public static readonly Color Ink = Color.FromRgb(0x1C2733);
    public static readonly Color Muted = Color.FromRgb(0x67737F);
    public static readonly Color Hairline = Color.FromRgb(0xDCE0E4);
    public static readonly Color Wash = Color.FromRgb(0xF0F2F4);
    public static readonly Color Blue = Color.FromRgb(0x2B6CC4);
    public static readonly Color Orange = Color.FromRgb(0xE0762F);
    public static readonly Color Green = Color.FromRgb(0x2A9363);
    public static readonly Color Red = Color.FromRgb(0xCB3A4B);
    public static readonly Color Violet = Color.FromRgb(0x7A54B8);
    public static readonly Color Yellow = Color.FromRgb(0xFFD34A);

    /// <summary>Colours of things that are told apart, in order.</summary>
    public static readonly Color[] Series = [Blue, Orange, Green, Violet, Red, Muted];

    private static readonly Color[] SequentialStops = [Color.FromRgb(0x0B0724), Color.FromRgb(0x43106C), Color.FromRgb(0x922568), Color.FromRgb(0xDB503B), Color.FromRgb(0xFB9F3A), Color.FromRgb(0xFCF4B2)];
    private static readonly Color[] DivergingStops = [Color.FromRgb(0x1F4E9C), Color.FromRgb(0x7FB1DE), Color.FromRgb(0xF6F6F4), Color.FromRgb(0xF0A176), Color.FromRgb(0xB3311F)];

    /// <summary>From dark to bright, for numbers in [0, 1].</summary>
    public static Color Sequential(double value) => Ramp(SequentialStops, value);

    /// <summary>From blue over white to red, for numbers in [−1, 1].</summary>
    public static Color Diverging(double value) => Ramp(DivergingStops, (value + 1) / 2);

    /// <summary>Between two colours.</summary>
    public static Color Mix(Color from, Color to, double share) =>
        new((float)(from.R + ((to.R - from.R) * share)), (float)(from.G + ((to.G - from.G) * share)), (float)(from.B + ((to.B - from.B) * share)));

    private static Color Ramp(Color[] stops, double value)
    {
        double at = (double.IsNaN(value) ? 0 : Math.Clamp(value, 0, 1)) * (stops.Length - 1);
        int stop = Math.Min((int)at, stops.Length - 2);
        return Mix(stops[stop], stops[stop + 1], at - stop);
    }
}
