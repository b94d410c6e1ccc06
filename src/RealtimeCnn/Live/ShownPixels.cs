using RealtimeCnn.Drawing;
using RealtimeCnn.Images;

namespace RealtimeCnn.Live;

/// <summary>A picture in the very pixels that it covers on a screen. Made once, however often it is drawn.</summary>
/// <param name="size">Height and width, in pixels.</param>
/// <param name="fit">How it is brought to that size.</param>
internal sealed unsafe class ShownPixels(Size2d size, FitMode fit = FitMode.Stretch)
{
    private readonly FrameReader _reader = new(new Preprocessing { Size = size, Fit = fit });
    private readonly uint[] _pixels = new uint[size.Height * size.Width];
    // Three numbers a pixel, and one more, because vectors of four are read.
    private readonly float[] _row = new float[(Math.Max(size.Height, size.Width) * 3) + 1];
    private FrameGeometry? _geometry;

    /// <summary>Height and width.</summary>
    public Size2d Size => size;

    /// <summary>Another picture has come.</summary>
    public void Forget() => _geometry = null;

    /// <summary>The picture, rows from the top.</summary>
    /// <param name="bytes">As it is stored.</param>
    /// <param name="format">How.</param>
    /// <param name="geometry">How it is turned and mirrored.</param>
    public ReadOnlySpan<uint> Of(scoped ReadOnlySpan<byte> bytes, scoped in FrameFormat format, scoped in FrameGeometry geometry)
    {
        if (_geometry == geometry)
            return _pixels;
        _reader.Prepare(bytes.Length, format, geometry);
        fixed (byte* frame = bytes)
        fixed (float* row = _row)
        {
            var rows = _reader.Rows(frame);
            for (int i = 0; i < rows.Down.Length; i++)
            {
                rows.Write(i, rows.Across.Length, row);
                // A row of a picture that is seen after a quarter turn is a column of the screen.
                if (rows.IsTurned)
                    PixelRows.Store(_row, _pixels.AsSpan(i), size.Width);
                else
                    PixelRows.Store(_row, _pixels.AsSpan(i * size.Width, size.Width));
            }
        }

        _geometry = geometry;
        return _pixels;
    }
}
