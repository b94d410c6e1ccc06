namespace RealtimeCnn.Training.Data.Scenes;

/// <summary>
/// A plane in front of the camera: a place (u, v) of it, in pixels from its middle, is seen at
/// <c>middle + turn · (u, v) / (1 + p·u + q·v)</c>, which is how a sheet that is turned and leans looks.
/// </summary>
/// <param name="X">Where its middle is seen.</param>
/// <param name="Y">Where its middle is seen.</param>
/// <param name="HalfWidth">How far it reaches along u; infinite for the wall behind everything.</param>
/// <param name="HalfHeight">How far it reaches along v.</param>
/// <param name="Angle">Its turn, in radians.</param>
/// <param name="P">How fast it goes away along u.</param>
/// <param name="Q">How fast it goes away along v.</param>
internal readonly record struct SceneSurface(double X, double Y, double HalfWidth, double HalfHeight, double Angle, double P, double Q)
{
    private readonly double _cosine = Math.Cos(Angle), _sine = Math.Sin(Angle);

    /// <summary>Where a place of the plane is seen.</summary>
    public (double X, double Y) ToPicture(double u, double v)
    {
        double nearness = 1 / (1 + (P * u) + (Q * v));
        return (X + (((_cosine * u) - (_sine * v)) * nearness), Y + (((_sine * u) + (_cosine * v)) * nearness));
    }

    /// <summary>Which place of the plane is seen somewhere.</summary>
    public (double U, double V) FromPicture(double x, double y)
    {
        double dx = x - X, dy = y - Y, u = (_cosine * dx) + (_sine * dy), v = (_cosine * dy) - (_sine * dx);
        double distance = 1 / (1 - (P * u) - (Q * v));
        return (u * distance, v * distance);
    }

    /// <summary>Pixels of the picture to one of the plane, near a place.</summary>
    public double ScaleAt(double u, double v)
    {
        double nearness = 1 / (1 + (P * u) + (Q * v));
        return nearness * Math.Sqrt(nearness);
    }

    /// <summary>Whether a box around a place lies on it.</summary>
    public bool Holds(double u, double v, double halfWidth, double halfHeight) => Math.Abs(u) + halfWidth < HalfWidth && Math.Abs(v) + halfHeight < HalfHeight;
}
