using System.Globalization;
using System.Numerics;
using RealtimeCnn.Drawing;
using RealtimeCnn.Regions;

namespace RealtimeCnn.App;

/// <content>What a second network says about regions.</content>
public sealed partial class Overlay
{
    private static readonly Color Paper = Color.Black.WithOpacity(0.6f);

    private static readonly Vector2[] Corners = [new(0, 0), new(1, 0), new(1, 1), new(0, 1)];

    /// <summary>Draws regions as turned rectangles, whose upper edge is thick, each in a colour of its own with its label and number, and their landmarks.</summary>
    /// <param name="regions">In pixels of the picture as a viewer sees it: <see cref="AppFrame.Regions"/>.</param>
    public void Regions(FollowedRegions regions)
    {
        ArgumentNullException.ThrowIfNull(regions);
        Span<char> text = stackalloc char[LongestTag];
        for (int i = 0; i < regions.Count; i++)
        {
            var region = regions[i];
            var color = ClassColors.Of(region.Id - 1);
            Rectangle(region.Region, color);
            Points(regions.LandmarksOf(i), color);
            string name = _regionNames != null && region.Class >= 0 && region.Class < _regionNames.Count ? _regionNames[region.Class] : string.Empty;
            int letters = Math.Min(name.Length, LongestTag - LongestNumber - 1);
            name.AsSpan(0, letters).CopyTo(text);
            text[letters] = ' ';
            region.Id.TryFormat(text[(letters + 1)..], out int digits, default, CultureInfo.InvariantCulture);
            var corner = OnPicture(region.Region.ToPicture(Vector2.Zero));
            BoxPainter.Tag(_canvas, text[..(letters + 1 + digits)].TrimStart(), corner.X, Math.Max(corner.Y - (_line * 1.2f), Picture.Y), _line, color);
        }
    }

    /// <summary>Draws points.</summary>
    /// <param name="points">In pixels of the picture as a viewer sees it, such as <see cref="FollowedRegions.LandmarksOf"/>.</param>
    /// <param name="color">Of the points, which have a dark edge.</param>
    public void Points(ReadOnlySpan<Vector3> points, Color color)
    {
        float radius = Math.Max(_line / (points.Length > MostLargePoints ? 20 : 8), 1);
        foreach (var point in points)
        {
            var (x, y) = OnPicture(new Vector2(point.X, point.Y));
            _canvas.Disk(x, y, radius * 1.5f, Paper);
            _canvas.Disk(x, y, radius, color);
        }
    }

    private const int MostLargePoints = 68;

    private void Rectangle(RegionOfInterest region, Color color)
    {
        float thickness = Math.Max(_line / 10, 1.5f);
        for (int i = 0; i < Corners.Length; i++)
        {
            var (fromX, fromY) = OnPicture(region.ToPicture(Corners[i]));
            var (toX, toY) = OnPicture(region.ToPicture(Corners[(i + 1) % Corners.Length]));
            _canvas.Line(fromX, fromY, toX, toY, color, i == 0 ? 2 * thickness : thickness);
        }
    }

    private (float X, float Y) OnPicture(Vector2 upright) =>
        (Picture.X + (upright.X * Picture.Width / _mapping.Upright.Width), Picture.Y + (upright.Y * Picture.Height / _mapping.Upright.Height));
}
