namespace RealtimeCnn.Camera;

/// <summary>What kind of picture a file is by its first bytes, and how FFmpeg is to read it; FFmpeg does no guessing of its own.</summary>
/// <param name="Input">FFmpeg's demuxer, with the decoder where the demuxer serves several.</param>
internal sealed record PictureSignature(params string[] Input)
{
    /// <summary>Bytes that are looked at.</summary>
    public const int Length = 32;

    private const byte WebPAnimationFlag = 0x02;

    /// <summary>Whether it is a WebP with several pictures in it.</summary>
    public bool IsAnimatedWebP { get; private init; }

    /// <summary>Recognises a picture.</summary>
    /// <param name="start">The file's first bytes.</param>
    /// <param name="path">The file: only TGA is known by its name, since it has no signature.</param>
    /// <exception cref="CameraException">It is no picture of a kind that is read.</exception>
    public static PictureSignature Of(ReadOnlySpan<byte> start, string path) => start switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => new("-f", "png_pipe"),
        [(byte)'B', (byte)'M', ..] => new("-f", "bmp_pipe"),
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => new("-f", "tiff_pipe"),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', .. var chunk] => new("-f", "webp_pipe")
        {
            IsAnimatedWebP = chunk is [(byte)'V', (byte)'P', (byte)'8', (byte)'X', _, _, _, _, var flags, ..] && (flags & WebPAnimationFlag) != 0,
        },
        [(byte)'P', (byte)'1' or (byte)'4', ..] => new("-f", "pbm_pipe"),
        [(byte)'P', (byte)'2' or (byte)'5', ..] => new("-f", "pgm_pipe"),
        [(byte)'P', (byte)'3' or (byte)'6', ..] => new("-f", "ppm_pipe"),
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => new("-f", "gif"),
        _ when Path.GetExtension(path).Equals(".tga", StringComparison.OrdinalIgnoreCase) => new("-f", "image2pipe", "-codec:v", "targa"),
        _ => throw new CameraException($"'{path}' is not a picture: it begins like no JPEG, PNG, BMP, WebP, TIFF, PNM, GIF or TGA file."),
    };
}
