namespace RealtimeCnn.Images;

/// <summary>How the pixels of a <see cref="Frame"/> lie in memory; 8 bits a sample, row 0 at the top.</summary>
public enum PixelFormat
{
    /// <summary>One byte a pixel: luminance.</summary>
    Gray,

    /// <summary>Three bytes a pixel: red, green, blue.</summary>
    Rgb,

    /// <summary>Three bytes a pixel: blue, green, red.</summary>
    Bgr,

    /// <summary>Four bytes a pixel: red, green, blue, alpha.</summary>
    Rgba,

    /// <summary>Four bytes a pixel: blue, green, red, alpha or padding.</summary>
    Bgra,

    /// <summary>Packed 4:2:2, four bytes for two pixels: Y0 U Y1 V.</summary>
    Yuyv,

    /// <summary>4:2:0 in two planes: all Y, then half-size rows of interleaved U V.</summary>
    Nv12,
}

/// <summary>Which matrix turns YUV into RGB.</summary>
public enum YuvMatrix
{
    /// <summary>ITU-R BT.601, standard definition and most webcams.</summary>
    Bt601,

    /// <summary>ITU-R BT.709, high definition.</summary>
    Bt709,
}

/// <summary>Which codes of a YUV sample are black and white.</summary>
public enum YuvRange
{
    /// <summary>16 is black, 235 white; chroma 16 to 240.</summary>
    Limited,

    /// <summary>0 is black, 255 white (JPEG).</summary>
    Full,
}
