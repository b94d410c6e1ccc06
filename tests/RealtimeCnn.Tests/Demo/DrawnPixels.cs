using RealtimeCnn.Camera;

namespace RealtimeCnn.Tests.Demo;

/// <summary>Pixels of pictures that the demo saved.</summary>
internal static class DrawnPixels
{
    /// <summary>A picture as a function of column and row.</summary>
    public static Func<int, int, (int R, int G, int B)> Load(string file)
    {
        using var photograph = Photograph.Load(file);
        byte[] pixels = photograph.Pixels.ToArray();
        var format = photograph.Format;
        int step = format.RowBytes / format.Width;
        return (x, y) =>
        {
            int at = (y * format.RowBytes) + (x * step);
            return (pixels[at], pixels[at + 1], pixels[at + 2]);
        };
    }
}
