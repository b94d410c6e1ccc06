using RealtimeCnn.Drawing;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL.Drawing;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL;

/// <summary>
/// A picture on the GPU: one texture with the camera's bytes as they came, a row of texels for a row of bytes; or, for pictures
/// larger than a texture's sides, as one stream of bytes. Shaders read it through <c>shaders/include/frame.glsl</c>, compiled with
/// <see cref="Defines"/>. Release it as soon as no later call will read it.
/// </summary>
public sealed class FrameTexture : LivePicture
{
    private PixelPicture? _pixels;

    internal FrameTexture(uint id) => Id = id;

    /// <summary>The OpenGL name.</summary>
    public uint Id { get; internal set; }

    /// <summary>The defines with which <c>include/frame.glsl</c> reads this format.</summary>
    internal IReadOnlyList<string> Defines { get; set; } = [];

    internal override PixelPicture? Pixels => _pixels;

    /// <summary>
    /// A host's own RGBA texture as a picture. The host keeps it, and leaves it alone while it is read.
    /// </summary>
    /// <param name="id">OpenGL name of a 2D texture with red, green, blue in [0, 1].</param>
    /// <param name="width">Of level 0, in pixels.</param>
    /// <param name="height">Of level 0, in pixels.</param>
    /// <param name="timestamp">When the picture was taken.</param>
    /// <param name="bottomUp">Whether row 0 is the bottom one, as it is in a texture that OpenGL rendered.</param>
    public static FrameTexture FromHost(uint id, int width, int height, TimeSpan timestamp, bool bottomUp)
    {
        var format = new FrameFormat(width, height, PixelFormat.Rgba);
        format.Validate();
        ArgumentOutOfRangeException.ThrowIfZero(id);

        // Upside down is half a turn and a mirror.
        var geometry = bottomUp ? new FrameGeometry(Rotation.Clockwise180, Mirrored: true) : default;
        var picture = new FrameTexture(id) { Defines = FrameTextureLayout.Of(format, int.MaxValue).Defines };
        (picture.Format, picture.Geometry, picture.Timestamp) = (format, geometry, timestamp);
        picture.Hold();
        return picture;
    }

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, Area where, bool mirrored = false)
    {
        if (canvas is not GpuCanvas gpu)
            throw new ArgumentException($"This picture is a texture; draw it on a {nameof(GpuCanvas)}.", nameof(canvas));
        gpu.Picture(this, where, mirrored);
    }

    /// <summary>Keeps the same picture in memory beside the texture, until both are released.</summary>
    internal void Keep(PixelPicture pixels) => _pixels = pixels;

    private protected override void GiveBack()
    {
        _pixels?.Release();
        _pixels = null;
    }
}

/// <summary>How a frame's bytes are seen as texels: one texel row is one row of bytes, four to a texel where that comes out even, or, where a side would be too long, a stream of them.</summary>
/// <param name="Width">Of the texture, in texels.</param>
/// <param name="Height">Of the texture, in texels.</param>
/// <param name="Texels">Texels that hold bytes; the last row of a stream may end early.</param>
/// <param name="InternalFormat">Of the texture.</param>
/// <param name="Format">Of the bytes.</param>
/// <param name="Defines">With which <c>include/frame.glsl</c> reads them.</param>
internal readonly record struct FrameTextureLayout(int Width, int Height, long Texels, uint InternalFormat, uint Format, IReadOnlyList<string> Defines)
{
    // By number of the format, not by a tuple, whose hash code boxes its enums until the method is compiled again.
    private static readonly string[][] AllDefines =
    [
        .. from pixels in Enum.GetValues<PixelFormat>()
           from matrix in Enum.GetValues<YuvMatrix>()
           from range in Enum.GetValues<YuvRange>()
           from packing in Enum.GetValues<Packing>()
           select DefinesOf(pixels, matrix, range, packing),
    ];

    /// <summary>The layout of a format.</summary>
    /// <param name="format">The frame's.</param>
    /// <param name="longestSide">Of a texture, in texels.</param>
    /// <exception cref="GlException">The frame has more bytes than a texture of such sides.</exception>
    public static FrameTextureLayout Of(in FrameFormat format, int longestSide)
    {
        var (bytesOfRow, height, isOfTexels) = format.Pixels switch
        {
            PixelFormat.Gray => (format.Width, format.Height, false),
            PixelFormat.Rgb or PixelFormat.Bgr => (format.Width * 3, format.Height, false),
            PixelFormat.Yuyv => (format.Width * 2, format.Height, true),
            PixelFormat.Nv12 => (format.Width, format.Height * 3 / 2, false),
            _ => (format.Width * 4, format.Height, true),
        };
        // Texels of four bytes wherever a row is whole ones: a shader then reads four bytes at once.
        bool isWhole = bytesOfRow % 4 == 0;
        int width = isWhole ? bytesOfRow / 4 : bytesOfRow;
        bool stream = Math.Max(width, height) > longestSide;
        var packing = stream ? Packing.Stream : isWhole && !isOfTexels ? Packing.Packed : Packing.None;
        int defines = ((((((int)format.Pixels * 2) + (int)format.Matrix) * 2) + (int)format.Range) * 3) + (int)packing;
        if (!stream)
            return new(width, height, (long)width * height, isWhole ? GL_RGBA8 : GL_R8, isWhole ? GL_RGBA : GL_RED, AllDefines[defines]);
        long texels = (format.Bytes + 3L) / 4, rows = (texels + longestSide - 1) / longestSide;
        return rows <= longestSide
            ? new(longestSide, (int)rows, texels, GL_RGBA8, GL_RGBA, AllDefines[defines])
            : throw new GlException(
                $"A frame of {format.Width}×{format.Height} pixels ({format.Pixels}) takes {format.Bytes} bytes; a texture of this device holds {4L * longestSide * longestSide}. Shrink the picture first, or use the CPU path.");
    }

    private static string[] DefinesOf(PixelFormat pixels, YuvMatrix matrix, YuvRange range, Packing packing)
    {
        var defines = new List<string> { $"FRAME_{pixels.ToString().ToUpperInvariant()}" };
        if (packing != Packing.None)
            defines.Add(packing == Packing.Packed ? "FRAME_PACKED" : "FRAME_STREAM");
        if (pixels is PixelFormat.Yuyv or PixelFormat.Nv12)
        {
            if (matrix == YuvMatrix.Bt709)
                defines.Add("FRAME_BT709");
            if (range == YuvRange.Full)
                defines.Add("FRAME_FULL_RANGE");
        }

        return [.. defines];
    }

    /// <summary>How bytes lie in texels.</summary>
    private enum Packing
    {
        /// <summary>As the format has them.</summary>
        None,

        /// <summary>Four bytes of a row to a texel.</summary>
        Packed,

        /// <summary>Four bytes to a texel, one row behind the other.</summary>
        Stream,
    }
}
