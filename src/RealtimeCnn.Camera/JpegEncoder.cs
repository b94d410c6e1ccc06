using RealtimeCnn.Camera.Jpeg;
using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>
/// Compresses pictures as JPEG with colours at full resolution, so that lettering stays crisp: for pages, streams and files. Through
/// libturbojpeg. One thread at a time; in steady state nothing is allocated.
/// </summary>
public sealed class JpegEncoder : IDisposable
{
    private readonly int _quality;
    private TurboJpeg.Compressor? _compressor;
    private byte[] _jpeg = [];

    /// <summary>Starts an encoder.</summary>
    /// <param name="quality">From 1, smallest, to 100, best.</param>
    /// <exception cref="ArgumentOutOfRangeException">The quality is out of its range.</exception>
    /// <exception cref="CameraException">The library is missing; the message says how to install it.</exception>
    public JpegEncoder(int quality = 85)
    {
        if (quality is not (>= 1 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(quality), quality, "The quality of a JPEG is from 1 to 100.");
        (_quality, _compressor) = (quality, new TurboJpeg.Compressor());
    }

    /// <summary>Compresses a picture.</summary>
    /// <param name="pixels">Tightly packed rows.</param>
    /// <param name="format">Size and layout: <see cref="PixelFormat.Rgb"/>, or <see cref="PixelFormat.Rgba"/>, whose opacity is left out.</param>
    /// <param name="isBottomUp">Whether the first row is the lowest, as OpenGL gives it.</param>
    /// <returns>A JPEG file, the encoder's; it holds until the next call.</returns>
    /// <exception cref="ArgumentException">The format is another, does not fit the number of bytes, or has a side over 65,500 pixels.</exception>
    /// <exception cref="CameraException">There is not enough memory.</exception>
    public ReadOnlySpan<byte> Encode(ReadOnlySpan<byte> pixels, FrameFormat format, bool isBottomUp = false)
    {
        ObjectDisposedException.ThrowIf(_compressor == null, this);
        format.Validate();
        if (format.Pixels is not (PixelFormat.Rgb or PixelFormat.Rgba) || pixels.Length != format.Bytes || Math.Max(format.Width, format.Height) > TurboJpeg.MostSide)
        {
            throw new ArgumentException(
                $"A JPEG is made of {PixelFormat.Rgb} or {PixelFormat.Rgba} pictures with sides of at most {TurboJpeg.MostSide} pixels; {pixels.Length} bytes of {format} were given.", nameof(format));
        }

        int most = TurboJpeg.MostBytes(format.Width, format.Height);
        if (_jpeg.Length < most)
            _jpeg = new byte[most];
        return _jpeg.AsSpan(0, _compressor.Run(pixels, format, isBottomUp, _quality, _jpeg));
    }

    /// <summary>Frees the encoder.</summary>
    public void Dispose()
    {
        _compressor?.Dispose();
        _compressor = null;
    }
}
