namespace RealtimeCnn.Camera.Jpeg;

/// <summary>Turns and mirrors RGB pixels as an EXIF orientation asks.</summary>
internal static class PixelTurn
{
    /// <summary>Whether the upright picture has the sides of the stored one exchanged.</summary>
    /// <param name="orientation">EXIF orientation, 1 to 8.</param>
    public static bool SwapsSides(int orientation) => orientation >= 5;

    /// <summary>Writes the upright picture, in the order of its rows.</summary>
    /// <param name="stored">RGB pixels as stored, width × height × 3 bytes.</param>
    /// <param name="width">Width as stored, pixels.</param>
    /// <param name="height">Height as stored, pixels.</param>
    /// <param name="orientation">EXIF orientation, 1 to 8: where row 0 and column 0 of the stored picture belong.</param>
    /// <param name="upright">As many bytes.</param>
    public static void Upright(ReadOnlySpan<byte> stored, int width, int height, int orientation, Span<byte> upright)
    {
        var (outWidth, outHeight) = SwapsSides(orientation) ? (height, width) : (width, height);
        int to = 0;
        for (int y = 0; y < outHeight; y++)
        {
            for (int x = 0; x < outWidth; x++, to += 3)
            {
                var (storedX, storedY) = orientation switch
                {
                    2 => (width - 1 - x, y),
                    3 => (width - 1 - x, height - 1 - y),
                    4 => (x, height - 1 - y),
                    5 => (y, x),
                    6 => (y, height - 1 - x),
                    7 => (width - 1 - y, height - 1 - x),
                    8 => (width - 1 - y, x),
                    _ => (x, y),
                };
                stored.Slice(((storedY * width) + storedX) * 3, 3).CopyTo(upright[to..]);
            }
        }
    }
}
