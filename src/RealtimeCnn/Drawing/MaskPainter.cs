using RealtimeCnn.Heads;
using RealtimeCnn.Images;

namespace RealtimeCnn.Drawing;

/// <summary>Draws what a segmentation network says on a canvas in memory. Twin of <c>shaders/overlay/mask.frag</c> and <c>backdrop.frag</c>. Allocates only for larger outputs.</summary>
internal sealed class MaskPainter
{
    /// <summary>Width of the edge of a backdrop, in probability of the foreground.</summary>
    public const float Edge = 0.3f;

    private readonly ScoreSampler _sampler = new();
    private readonly CubicRow _blurred = new();

    /// <summary>Draws each class but the background in its colour.</summary>
    public void Mask(CpuCanvas canvas, Tensor scores, Area where, PictureMapping mapping, SegmentationHead head, float opacity)
    {
        _sampler.Begin(head, scores.Shape);
        var (scaleX, scaleY, offsetX, offsetY) = SegmentationHead.WindowOf(mapping);
        var on = new CoveredPixels(canvas, where);
        for (int y = on.Top; y < on.Bottom; y++)
        {
            if (!_sampler.Row(scores.Span, (on.V(y) * scaleY) + offsetY))
                continue;
            for (int x = on.Left; x < on.Right; x++)
            {
                byte number = _sampler.ClassAt((on.U(x) * scaleX) + offsetX);
                if (number != SegmentationHead.None && number != head.Background)
                    on.Blend(x, y, ClassColors.OfMask(number, head.Background), opacity);
            }
        }
    }

    /// <summary>Draws a backdrop in the place of the background.</summary>
    /// <param name="canvas">Shows the picture.</param>
    /// <param name="scores">What the network says.</param>
    /// <param name="small">The picture, shrunk as the backdrop says; null for none.</param>
    /// <param name="behind">Another picture in the very pixels that <paramref name="where"/> covers; none for none.</param>
    /// <param name="where">Where the picture lies.</param>
    /// <param name="mapping">Of the picture.</param>
    /// <param name="head">What the scores mean.</param>
    /// <param name="color">Where there is no picture.</param>
    public void Backdrop(CpuCanvas canvas, Tensor scores, Tensor? small, ReadOnlySpan<uint> behind, Area where, PictureMapping mapping, SegmentationHead head, Color color)
    {
        _sampler.Begin(head, scores.Shape);
        var (scaleX, scaleY, offsetX, offsetY) = SegmentationHead.WindowOf(mapping);
        var on = new CoveredPixels(canvas, where);
        var (left, top, width, _) = canvas.PixelsOf(where);
        for (int y = on.Top; y < on.Bottom; y++)
        {
            bool isSeen = _sampler.Row(scores.Span, (on.V(y) * scaleY) + offsetY);
            if (small != null)
                _blurred.Begin(small, on.V(y));
            for (int x = on.Left; x < on.Right; x++)
            {
                float foreground = isSeen ? _sampler.ForegroundAt((on.U(x) * scaleX) + offsetX) : 0;
                float opacity = 1 - Math.Clamp(((foreground - head.Threshold) / Edge) + 0.5f, 0, 1);
                if (opacity <= 0)
                    continue;
                if (small != null)
                    on.Blend(x, y, _blurred.At(on.U(x)), opacity);
                else if (behind.IsEmpty)
                    on.Blend(x, y, color, opacity * color.A);
                else
                    on.Blend(x, y, PixelRows.ColorOf(behind[((y - top) * width) + x - left]), opacity);
            }
        }
    }

    /// <summary>The pixels of a canvas whose centres lie in a rectangle.</summary>
    private readonly ref struct CoveredPixels
    {
        private readonly Span<byte> _bytes;
        private readonly int _rowPixels;
        private readonly float _x, _y, _width, _height;

        public CoveredPixels(CpuCanvas canvas, Area where)
        {
            var format = canvas.Format;
            float scale = format.Width / canvas.Width;
            _bytes = canvas.Bytes;
            _rowPixels = format.Width;
            (_x, _y, _width, _height) = (where.X * scale, where.Y * scale, where.Width * scale, where.Height * scale);
            (Left, Top, Right, Bottom) = PixelBounds.Of(where, scale, canvas.Drawable);
        }

        public int Left { get; }

        public int Top { get; }

        public int Right { get; }

        public int Bottom { get; }

        public float U(int x) => (x + 0.5f - _x) / _width;

        public float V(int y) => (y + 0.5f - _y) / _height;

        public void Blend(int x, int y, Color color, float opacity)
        {
            var pixel = _bytes.Slice(((y * _rowPixels) + x) * 4, 3);
            pixel[0] = Mix(pixel[0], color.R, opacity);
            pixel[1] = Mix(pixel[1], color.G, opacity);
            pixel[2] = Mix(pixel[2], color.B, opacity);

            static byte Mix(byte under, float over, float opacity) => (byte)((under * (1 - opacity)) + (Math.Clamp(over, 0, 1) * 255 * opacity) + 0.5f);
        }
    }
}
