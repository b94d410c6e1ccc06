using RealtimeCnn.Images;

namespace RealtimeCnn.Heads;

/// <summary>Which class each pixel of a picture belongs to, by a segmentation network. Reused from picture to picture; allocates only for larger pictures.</summary>
/// <param name="head">What the scores mean; null for the defaults.</param>
public sealed class SegmentationMask(SegmentationHead? head = null)
{
    private readonly SegmentationHead _head = head ?? new SegmentationHead();
    private readonly ScoreSampler _sampler = new();
    private readonly long[] _counts = new long[SegmentationHead.None + 1];
    private byte[] _classes = [];

    /// <summary>Size of the picture that was read last.</summary>
    public Size2d Size { get; private set; }

    /// <summary>How many classes the network tells apart.</summary>
    public int ClassCount { get; private set; }

    /// <summary>Number of each pixel's class, rows from the top; <see cref="SegmentationHead.None"/> where there is none.</summary>
    public ReadOnlySpan<byte> Classes => _classes.AsSpan(0, Size.Height * Size.Width);

    /// <summary>How much of the picture a class covers, in percent.</summary>
    /// <param name="number">Of the class, or <see cref="SegmentationHead.None"/>.</param>
    public double Percent(int number) => Size.Height * Size.Width == 0 ? 0 : 100.0 * _counts[number] / Size.Height / Size.Width;

    /// <summary>Reads the scores of a picture.</summary>
    /// <param name="scores">The network's output, <c>[1, K, H, W]</c>.</param>
    /// <param name="mapping">Where the places of the network's input lie in the picture.</param>
    /// <param name="size">Of the mask: any size that shows the same scene; null for that of the upright picture.</param>
    /// <exception cref="ArgumentException">The scores are none of segmentation, or the mask would have no pixels.</exception>
    public void Read(Tensor scores, PictureMapping mapping, Size2d? size = null)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var wanted = size ?? mapping.Upright;
        if (wanted.Height < 1 || wanted.Width < 1 || (long)wanted.Height * wanted.Width > FrameFormat.MostPixels)
            throw new ArgumentException($"A mask has from 1 to {FrameFormat.MostPixels} pixels; {wanted} were asked for.", nameof(size));
        ClassCount = _head.ClassesOf(scores.Shape);
        (Size, int pixels) = (wanted, wanted.Height * wanted.Width);
        if (_classes.Length < pixels)
            _classes = new byte[pixels];
        Array.Clear(_counts);
        var window = SegmentationHead.WindowOf(mapping);
        _sampler.Begin(_head, scores.Shape);
        for (int y = 0; y < wanted.Height; y++)
        {
            var row = _classes.AsSpan(y * wanted.Width, wanted.Width);
            bool isSeen = _sampler.Row(scores.Span, ((y + 0.5f) / wanted.Height * window.ScaleY) + window.OffsetY);
            for (int x = 0; x < row.Length; x++)
            {
                row[x] = isSeen ? _sampler.ClassAt(((x + 0.5f) / wanted.Width * window.ScaleX) + window.OffsetX) : SegmentationHead.None;
                _counts[row[x]]++;
            }
        }
    }
}
