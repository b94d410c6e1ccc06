namespace RealtimeCnn.Drawing;

/// <summary>
/// A number in [0, 1] as a colour: night blue over teal and amber to white, ever brighter, so that it also reads in gray.
/// Twin of <c>shaders/include/heat.glsl</c>.
/// </summary>
internal static class HeatColors
{
    private static readonly Color[] Stops =
    [
        new(0.020f, 0.027f, 0.071f), new(0.086f, 0.173f, 0.400f), new(0.051f, 0.435f, 0.522f),
        new(0.369f, 0.671f, 0.459f), new(0.980f, 0.753f, 0.322f), new(1.000f, 0.980f, 0.910f),
    ];

    private static readonly uint[] Table = [.. Enumerable.Range(0, 1025).Select(i => PixelRows.Pixel(Of(i / 1024f)))];

    /// <summary>The colour of a value as a pixel, to a 1024th; values outside are clamped, and what is no number counts as 0.</summary>
    public static uint Pixel(float value) => Table[Math.Clamp((int)((value * 1024) + 0.5f), 0, 1024)];

    /// <summary>The colour of a value; values outside are clamped.</summary>
    public static Color Of(float value)
    {
        float position = Math.Clamp(value, 0, 1) * (Stops.Length - 1);
        int stop = Math.Min((int)position, Stops.Length - 2);
        float part = position - stop;
        var (a, b) = (Stops[stop], Stops[stop + 1]);
        return new Color(a.R + ((b.R - a.R) * part), a.G + ((b.G - a.G) * part), a.B + ((b.B - a.B) * part));
    }
}
