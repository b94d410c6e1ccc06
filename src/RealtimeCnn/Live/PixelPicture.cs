using RealtimeCnn.Drawing;
using RealtimeCnn.Images;

namespace RealtimeCnn.Live;

/// <summary>A picture in memory. Allocates only when a larger one comes, or one is drawn at another size.</summary>
internal sealed class PixelPicture : LivePicture, IDisposable
{
    private byte[] _bytes = [];
    private ImageToTensor? _resize;
    private Tensor? _resized;
    private Size2d _size;

    internal override PixelPicture Pixels => this;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Format.Bytes);

    public void CopyFrom(Frame frame)
    {
        if (_bytes.Length < frame.Format.Bytes)
            _bytes = new byte[frame.Format.Bytes];
        frame.Pixels.CopyTo(_bytes);
        Describe(frame);
    }

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, Area where)
    {
        if (canvas is not CpuCanvas memory)
            throw new ArgumentException($"This picture lies in memory; draw it on a {nameof(CpuCanvas)}.", nameof(canvas));

        // Resized to the very pixels it covers.
        var size = new Size2d(Math.Max((int)MathF.Round(where.Height * memory.Scale), 1), Math.Max((int)MathF.Round(where.Width * memory.Scale), 1));
        if (_resized is null || size != _size)
        {
            _resized?.Dispose();
            var preprocessing = new Preprocessing { Size = size };
            (_size, _resize, _resized) = (size, new ImageToTensor(preprocessing), new Tensor(preprocessing.Shape));
        }

        _resize!.Run(Bytes, Format, Geometry, _resized);
        memory.Picture(_resized, where);
    }

    public void Dispose() => _resized?.Dispose();
}
