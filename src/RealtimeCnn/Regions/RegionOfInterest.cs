using System.Numerics;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;

namespace RealtimeCnn.Regions;

/// <summary>
/// A rectangle of a picture that a network looks at, turned so that what it shows stands upright. Places of its own go from (0, 0), its
/// top left corner, to (1, 1).
/// </summary>
/// <param name="CentreX">Of its middle, in pixels of the picture as a viewer sees it (<see cref="PictureMapping.ToUpright"/>).</param>
/// <param name="CentreY">Of its middle, downwards.</param>
/// <param name="Width">Along its own upper edge, in pixels, above 0.</param>
/// <param name="Height">Along its own left edge, in pixels, above 0.</param>
/// <param name="Angle">How far its upper edge is turned clockwise from the picture's, in radians.</param>
public readonly record struct RegionOfInterest(float CentreX, float CentreY, float Width, float Height, float Angle = 0)
{
    /// <summary>Its middle.</summary>
    public Vector2 Centre => new(CentreX, CentreY);

    /// <summary>From its middle to the middle of its right edge.</summary>
    public Vector2 HalfAcross => new Vector2(MathF.Cos(Angle), MathF.Sin(Angle)) * (Width / 2);

    /// <summary>From its middle to the middle of its lower edge.</summary>
    public Vector2 HalfDown => new Vector2(-MathF.Sin(Angle), MathF.Cos(Angle)) * (Height / 2);

    /// <summary>Whether it is a rectangle somewhere: finite, with sides, and no further away than boxes may be.</summary>
    public bool IsPossible =>
        Width > 0 && Height > 0 && Width <= HeadLayout.Furthest && Height <= HeadLayout.Furthest && Math.Abs(CentreX) <= HeadLayout.Furthest && Math.Abs(CentreY) <= HeadLayout.Furthest && float.IsFinite(Angle);

    /// <summary>From its own places to the picture as a viewer sees it.</summary>
    /// <param name="own">In parts of its sides.</param>
    public Vector2 ToPicture(Vector2 own) => Centre + (HalfAcross * ((2 * own.X) - 1)) + (HalfDown * ((2 * own.Y) - 1));

    /// <summary>From the picture as a viewer sees it to its own places.</summary>
    /// <param name="picture">In pixels.</param>
    public Vector2 FromPicture(Vector2 picture)
    {
        var (sin, cos) = MathF.SinCos(Angle);
        var away = picture - Centre;
        return new Vector2((((away.X * cos) + (away.Y * sin)) / Width) + 0.5f, (((away.Y * cos) - (away.X * sin)) / Height) + 0.5f);
    }

    /// <summary>The upright box around its corners.</summary>
    public Detection Bounds
    {
        get
        {
            var half = Vector2.Abs(HalfAcross) + Vector2.Abs(HalfDown);
            return new Detection(CentreX - half.X, CentreY - half.Y, CentreX + half.X, CentreY + half.Y, 0, 1);
        }
    }

    /// <summary>
    /// The same in the proportions of a network's input: as it is for <see cref="FitMode.Stretch"/>, grown for
    /// <see cref="FitMode.Letterbox"/>, so that nothing is cut off, and reduced for <see cref="FitMode.Crop"/>. It shows the picture all over.
    /// </summary>
    /// <param name="input">Size of the input.</param>
    /// <param name="fit">How.</param>
    public RegionOfInterest FittedTo(Size2d input, FitMode fit)
    {
        if (fit == FitMode.Stretch)
            return this;
        float across = Width / input.Width, down = Height / input.Height, scale = fit == FitMode.Letterbox ? Math.Max(across, down) : Math.Min(across, down);
        return this with { Width = input.Width * scale, Height = input.Height * scale };
    }

    /// <summary>The rectangle with a given middle and middles of its right and lower edges.</summary>
    internal static RegionOfInterest Of(Vector2 centre, Vector2 right, Vector2 lower)
    {
        var across = right - centre;
        return new RegionOfInterest(centre.X, centre.Y, 2 * across.Length(), 2 * (lower - centre).Length(), MathF.Atan2(across.Y, across.X));
    }
}
