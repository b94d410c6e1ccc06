using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>Changes a picture's size by taking the nearest pixel, in the memory layout that it has.</summary>
internal static class NearestPixels
{
    /// <summary>Fills <paramref name="target"/> from <paramref name="source"/>; both have the same <see cref="FrameFormat.Pixels"/>.</summary>
    public static void Resample(ReadOnlySpan<byte> source, FrameFormat from, Span<byte> target, FrameFormat to)
    {
        to.Validate();
        if (from == to)
        {
            source.CopyTo(target);
            return;
        }

        // A unit is what can be moved as a whole: a pixel, or the pixels that share one chroma sample.
        int unit = from.Pixels switch
        {
            PixelFormat.Gray or PixelFormat.Nv12 => 1,
            PixelFormat.Rgb or PixelFormat.Bgr => 3,
            _ => 4,
        };
        int sharing = from.Pixels == PixelFormat.Yuyv ? 2 : 1;
        Plane(source, from.Width / sharing, from.Height, target, to.Width / sharing, to.Height, unit);
        if (from.Pixels == PixelFormat.Nv12)
            Plane(source[(from.Width * from.Height)..], from.Width / 2, from.Height / 2, target[(to.Width * to.Height)..], to.Width / 2, to.Height / 2, 2);
    }

    private static void Plane(ReadOnlySpan<byte> source, int fromWidth, int fromHeight, Span<byte> target, int toWidth, int toHeight, int unit)
    {
        for (int y = 0; y < toHeight; y++)
        {
            int row = (int)((long)y * fromHeight / toHeight) * fromWidth;
            for (int x = 0; x < toWidth; x++)
                source.Slice((row + (int)((long)x * fromWidth / toWidth)) * unit, unit).CopyTo(target[(((y * toWidth) + x) * unit)..]);
        }
    }
}
