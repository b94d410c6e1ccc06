using RealtimeCnn.Images;

namespace RealtimeCnn.Textbook.Drawing;

/// <summary>The colours of the pictures, and the two ramps that numbers are shown in.</summary>
internal static class Palette
{
    public static readonly Rgb Paper = Hex(0xFCFCFA);
    public static readonly Rgb Ink = Hex(0x1C2733);
    public static readonly Rgb Muted = Hex(0x67737F);
    public static readonly Rgb Hairline = Hex(0xDCE0E4);
    public static readonly Rgb Wash = Hex(0xF0F2F4);
    public static readonly Rgb Blue = Hex(0x2B6CC4);
    public static readonly Rgb Orange = Hex(0xE0762F);
    public static readonly Rgb Green = Hex(0x2A9363);
    public static readonly Rgb Red = Hex(0xCB3A4B);
    public static readonly Rgb Violet = Hex(0x7A54B8);
    public static readonly Rgb Yellow = Hex(0xFFD34A);

    /// <summary>Colours of things that are told apart, in order.</summary>
    public static readonly Rgb[] Series = [Blue, Orange, Green, Violet, Red, Muted];

    private static readonly Rgb[] SequentialStops = [Hex(0x0B0724), Hex(0x43106C), Hex(0x922568), Hex(0xDB503B), Hex(0xFB9F3A), Hex(0xFCF4B2)];
    private static readonly Rgb[] DivergingStops = [Hex(0x1F4E9C), Hex(0x7FB1DE), Hex(0xF6F6F4), Hex(0xF0A176), Hex(0xB3311F)];

    /// <summary>From dark to bright, for numbers in [0, 1].</summary>
    public static Rgb Sequential(double value) => Ramp(SequentialStops, value);

    /// <summary>From blue over white to red, for numbers in [−1, 1].</summary>
    public static Rgb Diverging(double value) => Ramp(DivergingStops, (value + 1) / 2);

    /// <summary>Between two colours.</summary>
    public static Rgb Mix(Rgb from, Rgb to, double share) =>
        new(from.R + ((to.R - from.R) * share), from.G + ((to.G - from.G) * share), from.B + ((to.B - from.B) * share));

    private static Rgb Ramp(Rgb[] stops, double value)
    {
        double at = (double.IsNaN(value) ? 0 : Math.Clamp(value, 0, 1)) * (stops.Length - 1);
        int stop = Math.Min((int)at, stops.Length - 2);
        return Mix(stops[stop], stops[stop + 1], at - stop);
    }

    private static Rgb Hex(int value) => new((value >> 16) / 255.0, ((value >> 8) & 255) / 255.0, (value & 255) / 255.0);
}
