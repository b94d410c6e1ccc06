namespace RealtimeCnn.Drawing;

/// <summary>
/// A number in [−1, 1] as a colour: dark at 0, from there over amber to pale yellow, and below 0 over blue to pale blue; which of the two it
/// is, is seen by everybody, and its brightness says how far from 0 it lies. Twin of <c>shaders/include/diverging.glsl</c>.
/// </summary>
internal static class DivergingColors
{
    private const float Middle = 0.7f;
    private const int Steps = 1024;
    private static readonly Color Zero = new(0.075f, 0.086f, 0.106f);
    private static readonly Color[] Above = [Zero, new(0.965f, 0.690f, 0.200f), new(1.000f, 0.965f, 0.800f)], Below = [Zero, new(0.220f, 0.530f, 0.965f), new(0.830f, 0.930f, 1.000f)];
    private static readonly uint[] Table = [.. Enumerable.Range(-Steps, (2 * Steps) + 1).Select(i => PixelRows.Pixel(Of((float)i / Steps)))];

    /// <summary>The colour of a value as a pixel, to a 1024th; values outside are clamped, and what is no number counts as 0.</summary>
    public static uint Pixel(float value) => Table[Math.Clamp((int)MathF.Round(value * Steps), -Steps, Steps) + Steps];

    /// <summary>The colour of a value; values outside are clamped.</summary>
    public static Color Of(float value)
    {
        var stops = value < 0 ? Below : Above;
        float far = Math.Min(Math.Abs(value), 1);
        var (a, b, part) = far < Middle ? (stops[0], stops[1], far / Middle) : (stops[1], stops[2], (far - Middle) / (1 - Middle));
        return new Color(a.R + ((b.R - a.R) * part), a.G + ((b.G - a.G) * part), a.B + ((b.B - a.B) * part));
    }
}
