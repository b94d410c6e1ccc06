using RealtimeCnn.Drawing;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Packages;

/// <summary>How the packages' icon is drawn: a filter of nine weights inside the corners of a camera's viewfinder.</summary>
internal static class PackageIcon
{
    private const int Side = 128;
    private static readonly Color Corners = Color.FromRgb(0xFFB84D);

    // A ramp along the diagonal: what a filter for slanted edges looks like.
    private static readonly float[] Weights = [0.22f, 0.36f, 0.54f, 0.36f, 0.54f, 0.78f, 0.54f, 0.78f, 1];

    /// <summary>Rows from the top, red, green, blue and how opaque a pixel is; outside of the rounded square nothing is.</summary>
    public static (byte[] Pixels, FrameFormat Format) Draw()
    {
        CpuCanvas icon = new(), shape = new();
        icon.Begin(Side, Side, HeatColors.Of(0.04f));
        for (int i = 0; i < Weights.Length; i++)
            icon.Fill(new Area(34, 34, 60, 60).Cell(3, 3, i, 4), HeatColors.Of(Weights[i]), radius: 4);
        foreach (var (x, y) in ((int, int)[])[(0, 0), (1, 0), (0, 1), (1, 1)])
        {
            float cornerX = x == 0 ? 18 : Side - 18, cornerY = y == 0 ? 18 : Side - 18, length = 20;
            icon.Line(cornerX, cornerY, cornerX + (x == 0 ? length : -length), cornerY, Corners, 6);
            icon.Line(cornerX, cornerY, cornerX, cornerY + (y == 0 ? length : -length), Corners, 6);
        }

        shape.Begin(Side, Side, Color.Black);
        shape.Fill(shape.Bounds, Color.White, radius: 24);
        byte[] pixels = icon.Pixels.ToArray();
        for (int i = 3; i < pixels.Length; i += 4)
            pixels[i] = shape.Pixels[i - 3];
        return (pixels, icon.Format);
    }
}
