using RealtimeCnn.Images;

namespace RealtimeCnn.Regions;

/// <summary>
/// The one definition of cropping and turning: which stored pixels a pixel of a network's input is made of, and what they weigh. It is
/// that of <see cref="ResampleAxis"/> along the region's own axes: a pixel j whose middle is d away from the middle of the output pixel
/// has <c>weight(j) ∝ max(0, 1 − |d·across| / rx) · max(0, 1 − |d·down| / ry)</c>, where rx is <c>max(stored pixels per input pixel, 1)</c>. So
/// it is bilinear when enlarging, antialiased when shrinking, and for a region that is not turned the same as for a whole picture.
/// Where there is no pixel, the border's colour is, so that an edge of the picture is antialiased too.
/// </summary>
/// <remarks>
/// A window of more than <see cref="MostRadius"/> pixels to a side reads one pixel of each square of <see cref="Lattice"/>, so that the time for a
/// region is bounded however large it is. Computed in double and rounded to float once; both backends use these numbers.
/// </remarks>
internal readonly struct RegionSampling
{
    /// <summary>Most pixels from the middle of a window to its edge, along the region's axes, of which each is read.</summary>
    public const int MostRadius = 6;

    /// <summary>Further away no pixel is, so that places are whole numbers and parts; in stored pixels.</summary>
    private const double Furthest = 1 << 16;

    /// <param name="stored">Size of the frame as stored.</param>
    /// <param name="geometry">How it is cropped, turned and mirrored.</param>
    /// <param name="region">In pixels of the picture as a viewer sees it.</param>
    /// <param name="preprocessing">What becomes of the region.</param>
    /// <exception cref="ArgumentException">The region is no rectangle, or so far away or large that it shows nothing of the picture.</exception>
    public RegionSampling(Size2d stored, FrameGeometry geometry, RegionOfInterest region, Preprocessing preprocessing)
    {
        if (!region.IsPossible)
            throw new ArgumentException($"{region} is no rectangle: its sides are above 0, and all its numbers finite.", nameof(region));
        var size = preprocessing.Size;
        if (!IsPossible(stored, region, preprocessing))
            throw new ArgumentException($"{region} reaches further than {Furthest} pixels from a picture of {stored.Width}×{stored.Height}.", nameof(region));
        region = region.FittedTo(size, preprocessing.Fit);
        Seen = geometry.RegionOf(stored);
        var steps = new PictureMapping(stored, geometry, size, FitMode.Stretch).StoredSteps;
        var (sin, cos) = Math.SinCos(region.Angle);
        double scaleX = (double)region.Width / size.Width, scaleY = (double)region.Height / size.Height;
        double longest = Math.Max(1, Math.Max(scaleX, scaleY));
        Lattice = (int)Math.Min(Math.Ceiling(longest / MostRadius), Furthest);
        double radiusX = Math.Max(scaleX, Lattice), radiusY = Math.Max(scaleY, Lattice);
        (AcrossX, AcrossY) = (((cos * steps.XPerX) + (sin * steps.XPerY)) / radiusX, ((cos * steps.YPerX) + (sin * steps.YPerY)) / radiusX);
        (DownX, DownY) = (((cos * steps.XPerY) - (sin * steps.XPerX)) / radiusY, ((cos * steps.YPerY) - (sin * steps.YPerX)) / radiusY);
        (RightX, RightY) = (AcrossX * radiusX * scaleX, AcrossY * radiusX * scaleX);
        (BelowX, BelowY) = (DownX * radiusY * scaleY, DownY * radiusY * scaleY);
        HalfX = (radiusX * radiusX * Math.Abs(AcrossX)) + (radiusY * radiusY * Math.Abs(DownX));
        HalfY = (radiusX * radiusX * Math.Abs(AcrossY)) + (radiusY * radiusY * Math.Abs(DownY));
        double centreX = steps.OriginX + (region.CentreX * steps.XPerX) + (region.CentreY * steps.XPerY);
        double centreY = steps.OriginY + (region.CentreX * steps.YPerX) + (region.CentreY * steps.YPerY);
        StartX = centreX - (RightX * (size.Width - 1) / 2) - (BelowX * (size.Height - 1) / 2);
        StartY = centreY - (RightY * (size.Width - 1) / 2) - (BelowY * (size.Height - 1) / 2);
    }

    /// <summary>The stored pixels that there are; all others have the border's colour.</summary>
    public PictureRegion Seen { get; }

    /// <summary>Sides of the squares of stored pixels of which one is read; 1 for each pixel.</summary>
    public int Lattice { get; }

    /// <summary>Where the middle of the first pixel of the input lies, in stored pixels.</summary>
    public double StartX { get; }

    /// <inheritdoc cref="StartX"/>
    public double StartY { get; }

    /// <summary>From a pixel of the input to its right neighbour, in stored pixels.</summary>
    public double RightX { get; }

    /// <inheritdoc cref="RightX"/>
    public double RightY { get; }

    /// <summary>From a pixel of the input to the one below, in stored pixels.</summary>
    public double BelowX { get; }

    /// <inheritdoc cref="BelowX"/>
    public double BelowY { get; }

    /// <summary>Direction of the region's upper edge as it is stored, over the radius of a window.</summary>
    public double AcrossX { get; }

    /// <inheritdoc cref="AcrossX"/>
    public double AcrossY { get; }

    /// <summary>Direction of the region's left edge as it is stored, over the radius of a window.</summary>
    public double DownX { get; }

    /// <inheritdoc cref="DownX"/>
    public double DownY { get; }

    /// <summary>Half of the stored columns that a window reaches over.</summary>
    public double HalfX { get; }

    /// <summary>Half of the stored rows that a window reaches over.</summary>
    public double HalfY { get; }

    /// <summary>Whether a region of a picture can be sampled: what the constructor does not refuse.</summary>
    public static bool IsPossible(Size2d stored, in RegionOfInterest region, Preprocessing preprocessing)
    {
        var fitted = region.FittedTo(preprocessing.Size, preprocessing.Fit);
        // A window's radius is less than the region's sides and one pixel.
        return region.IsPossible && Math.Abs((double)fitted.CentreX) + Math.Abs((double)fitted.CentreY) + (3 * ((double)fitted.Width + fitted.Height)) + stored.Width + stored.Height <= Furthest;
    }
}
