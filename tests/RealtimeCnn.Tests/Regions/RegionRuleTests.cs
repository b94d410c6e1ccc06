using System.Numerics;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Regions;

namespace RealtimeCnn.Tests.Regions;

/// <summary>Regions by the rules that MediaPipe published, in double and with its own words; and places that go there and back.</summary>
public sealed class RegionRuleTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(30, 0.3)]
    [InlineData(-75, 2)]
    [InlineData(179, -1)]
    public void Published_rules_give_their_regions(float degrees, float shear)
    {
        var random = new Random(5);
        foreach (var (rule, first, second, target, shiftY, scale) in new[] { (RegionRule.Palm, 0, 2, 90.0, -0.5, 2.6), (RegionRule.Face, 0, 1, 0.0, 0.0, 1.5) })
        {
            Vector2[] points = [.. Enumerable.Range(0, 7).Select(i => new Vector2(100 + (20 * MathF.Cos((degrees / 57) + i)), 80 + (shear * i) + (20 * MathF.Sin((degrees / 57) + i)) + random.NextSingle()))];
            var box = new Detection(70, 60, 130, 100, 0, 0.9f);
            Assert.True(rule.TryMake(box, points, out var region));

            // DetectionsToRectsCalculator, then RectTransformationCalculator.
            double rotation = Normalized((target * Math.PI / 180) - Math.Atan2(-(points[second].Y - points[first].Y), points[second].X - points[first].X));
            double width = 60, height = 40, x = 100 - (height * shiftY * Math.Sin(rotation)), y = 80 + (height * shiftY * Math.Cos(rotation));
            double side = Math.Max(width, height) * scale;
            AssertClose((x, y, side, side, rotation), region);
        }
    }

    [Fact]
    public void A_hands_region_is_that_of_its_landmarks()
    {
        // A hand of which nothing is symmetric.
        var random = new Random(9);
        Vector2[] points = [.. Enumerable.Range(0, 21).Select(i => new Vector2(200 + (7 * i) + (30 * random.NextSingle()), 300 - (9 * i) + (40 * random.NextSingle())))];
        Assert.True(RegionRule.HandLandmarks.TryMake(points, out var region));

        // HandLandmarksToRectCalculator over its part of the landmarks, whose bounding box is known whole before anything is turned.
        Vector2[] part = [.. new[] { 0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18 }.Select(i => points[i])];
        double toX = ((((double)part[4].X + part[8].X) / 2) + part[6].X) / 2, toY = ((((double)part[4].Y + part[8].Y) / 2) + part[6].Y) / 2;
        double rotation = Normalized((Math.PI / 2) - Math.Atan2(-(toY - part[0].Y), toX - part[0].X)), cos = Math.Cos(rotation), sin = Math.Sin(rotation);
        double middleX = (part.Min(p => p.X) + (double)part.Max(p => p.X)) / 2, middleY = (part.Min(p => p.Y) + (double)part.Max(p => p.Y)) / 2;
        var turned = part.Select(p => (X: ((p.X - middleX) * cos) + ((p.Y - middleY) * sin), Y: ((p.Y - middleY) * cos) - ((p.X - middleX) * sin))).ToArray();
        double centreX = (turned.Min(p => p.X) + turned.Max(p => p.X)) / 2, centreY = (turned.Min(p => p.Y) + turned.Max(p => p.Y)) / 2;
        double width = turned.Max(p => p.X) - turned.Min(p => p.X), height = turned.Max(p => p.Y) - turned.Min(p => p.Y);
        double x = (centreX * cos) - (centreY * sin) + middleX + (height * 0.1 * sin), y = (centreX * sin) + (centreY * cos) + middleY - (height * 0.1 * cos);
        double side = 2 * Math.Max(width, height);
        AssertClose((x, y, side, side, rotation), region);
    }

    [Fact]
    public void Fingers_point_up_and_eyes_lie_level_in_their_regions()
    {
        for (float angle = -3; angle < 3; angle += 0.5f)
        {
            var direction = new Vector2(MathF.Cos(angle), MathF.Sin(angle));
            Vector2[] points = [new(50, 40), new Vector2(50, 40) + (10 * direction), new Vector2(50, 40) + (10 * direction)];
            var box = new Detection(40, 30, 60, 50, 0, 1);
            Assert.True(RegionRule.Face.TryMake(box, points, out var face));
            Vector2 left = face.FromPicture(points[0]), right = face.FromPicture(points[1]);
            Assert.Equal(left.Y, right.Y, 1e-5f);
            Assert.True(right.X > left.X);
            Assert.True((RegionRule.Face with { TurnDegrees = 90 }).TryMake(box, points, out var onItsSide));
            Assert.Equal(0, MathF.IEEERemainder(onItsSide.Angle - face.Angle - (MathF.PI / 2), 2 * MathF.PI), 1e-5f);
            Assert.True(RegionRule.Palm.TryMake(box, points, out var palm));
            Vector2 wrist = palm.FromPicture(points[0]), finger = palm.FromPicture(points[2]);
            Assert.Equal(wrist.X, finger.X, 1e-5f);
            Assert.True(finger.Y < wrist.Y);
        }
    }

    [Fact]
    public void Places_go_to_the_picture_and_back()
    {
        var region = new RegionOfInterest(30, 20, 40, 10, 0.5f);
        Assert.Equal(region.Centre, region.ToPicture(new Vector2(0.5f)));
        // The upper edge goes to the right and, turned clockwise, down.
        Assert.Equal(new Vector2(40 * MathF.Cos(0.5f), 40 * MathF.Sin(0.5f)), region.ToPicture(Vector2.UnitX) - region.ToPicture(Vector2.Zero), (a, b) => (a - b).Length() < 1e-5f);
        foreach (var place in new Vector2[] { new(0, 0), new(1, 0.25f), new(-2, 3) })
            Assert.True((region.FromPicture(region.ToPicture(place)) - place).Length() < 1e-5f);
        var bounds = region.Bounds;
        Vector2[] corners = [.. new Vector2[] { new(0, 0), new(1, 0), new(0, 1), new(1, 1) }.Select(region.ToPicture)];
        Assert.Equal([corners.Min(p => p.X), corners.Min(p => p.Y), corners.Max(p => p.X), corners.Max(p => p.Y)], [bounds.Left, bounds.Top, bounds.Right, bounds.Bottom], (a, b) => Math.Abs(a - b) < 1e-4f);
        Assert.Equal((40, 20), (region.FittedTo(new Size2d(8, 16), FitMode.Letterbox).Width, region.FittedTo(new Size2d(8, 16), FitMode.Letterbox).Height));
        Assert.Equal((20, 10), (region.FittedTo(new Size2d(8, 16), FitMode.Crop).Width, region.FittedTo(new Size2d(8, 16), FitMode.Crop).Height));
    }

    [Fact]
    public void What_lies_nowhere_makes_no_region()
    {
        Vector2[] points = [new(1, 1), new(5, 2), new(3, 3)];
        var box = new Detection(0, 0, 10, 10, 0, 1);
        Assert.False(RegionRule.Face.TryMake(box with { Right = float.NaN }, points, out _));
        Assert.False(RegionRule.Face.TryMake(box with { Right = float.PositiveInfinity }, points, out _));
        Assert.False(RegionRule.Face.TryMake(box with { Right = 0, Bottom = 0 }, points, out _));
        Assert.False(RegionRule.Face.TryMake(box, [new(1, 1), new(1, 1)], out _));
        Assert.False(RegionRule.Face.TryMake(box, [new(1, 1), new(float.NaN, 1)], out _));
        Assert.False(RegionRule.Box.TryMake([new(1, 1), new(1, 1)], out _));
        Assert.False(RegionRule.Box.TryMake([new(1, 1), new(float.NaN, 4), new(3, 3)], out _));
        Assert.False(RegionRule.Box.TryMake([new(1, 1), new(float.NegativeInfinity, 4)], out _));
        Assert.Contains("point 9; there are 3", Assert.Throws<ArgumentException>(() => (RegionRule.Face with { To = [9] }).TryMake(box, points, out _)).Message, StringComparison.Ordinal);
        Assert.Contains("two ends", Assert.Throws<ArgumentException>(() => (RegionRule.Face with { To = [] }).Verify(3, "rule")).Message, StringComparison.Ordinal);
        Assert.Contains("above 0", Assert.Throws<ArgumentException>(() => (RegionRule.Face with { Scale = 0 }).Verify(3, "rule")).Message, StringComparison.Ordinal);
    }

    private static double Normalized(double angle) => angle - (2 * Math.PI * Math.Floor((angle + Math.PI) / (2 * Math.PI)));

    private static void AssertClose((double X, double Y, double Width, double Height, double Angle) expected, RegionOfInterest region)
    {
        Assert.Equal(expected.X, region.CentreX, 1e-3);
        Assert.Equal(expected.Y, region.CentreY, 1e-3);
        Assert.Equal(expected.Width, region.Width, 1e-3);
        Assert.Equal(expected.Height, region.Height, 1e-3);
        Assert.Equal(0, Math.IEEERemainder(expected.Angle - region.Angle, 2 * Math.PI), 1e-5);
    }
}
