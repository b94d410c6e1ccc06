using RealtimeCnn.Drawing;
using RealtimeCnn.Images;

namespace RealtimeCnn.Live;

/// <summary>A picture in memory. Allocates only when a larger one comes, or one is drawn at another size.</summary>
internal sealed class PixelPicture : LivePicture
{
    private byte[] _bytes = [];
    private ShownPixels? _shown;

    internal override PixelPicture Pixels => this;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Format.Bytes);

    public void CopyFrom(Frame frame)
    {
        if (_bytes.Length < frame.Format.Bytes)
            _bytes = new byte[frame.Format.Bytes];
        frame.Pixels.CopyTo(_bytes);
        Describe(frame);
        _shown?.Forget();
    }

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, Area where, bool mirrored = false)
    {
        if (canvas is not CpuCanvas memory)
            throw new ArgumentException($"This picture lies in memory; draw it on a {nameof(CpuCanvas)}.", nameof(canvas));
        var (left, top, width, height) = memory.PixelsOf(where);
        if (width <= 0 || height <= 0)
            return;
        var size = new Size2d(height, width);
        if (_shown?.Size != size)
            _shown = new ShownPixels(size);
        memory.Copy(_shown.Of(Bytes, Format, mirrored ? Geometry with { Mirrored = !Geometry.Mirrored } : Geometry), left, top, width);
    }
}
