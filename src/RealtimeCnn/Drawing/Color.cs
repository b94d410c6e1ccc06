namespace RealtimeCnn.Drawing;

/// <summary>A colour as a screen takes it (sRGB, not premultiplied), each part in [0, 1].</summary>
/// <param name="R">Red.</param>
/// <param name="G">Green.</param>
/// <param name="B">Blue.</param>
/// <param name="A">Opacity.</param>
public readonly record struct Color(float R, float G, float B, float A = 1)
{
    /// <summary>White.</summary>
    public static Color White => new(1, 1, 1);

    /// <summary>Black.</summary>
    public static Color Black => new(0, 0, 0);

    /// <summary>A colour from its usual notation: <c>0x3FB6A8</c>.</summary>
    public static Color FromRgb(uint rgb) => new(((rgb >> 16) & 255) / 255f, ((rgb >> 8) & 255) / 255f, (rgb & 255) / 255f);

    /// <summary>The same colour with another opacity.</summary>
    public Color WithOpacity(float opacity) => this with { A = opacity };
}
