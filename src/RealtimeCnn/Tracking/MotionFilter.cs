namespace RealtimeCnn.Tracking;

/// <summary>
/// A Kalman filter of one coordinate of a thing that moves at a constant velocity but for chance (white noise of acceleration), for
/// measurements in any spacing.
/// </summary>
/// <remarks>Source: Bar-Shalom, Li and Kirubarajan 2001, "Estimation with Applications to Tracking and Navigation", section 6.2.2 (discretised continuous white noise acceleration).</remarks>
internal struct MotionFilter
{
    /// <summary>Deviation of a measured place, in sizes of the thing: boxes of one that stands still differ by a few hundredths.</summary>
    private const double PlaceDeviation = 0.03;

    /// <summary>Deviation of an unknown velocity, in sizes per second.</summary>
    private const double VelocityDeviation = 3;

    /// <summary>Deviation of the velocity that a second of acceleration brings, in sizes per second.</summary>
    private const double AccelerationDeviation = 3;

    private double _placeVariance, _covariance, _velocityVariance;

    /// <summary>Where it is.</summary>
    public double Place { get; private set; }

    /// <summary>How it moves, per second.</summary>
    public double Velocity { get; private set; }

    /// <summary>A thing that was seen once.</summary>
    /// <param name="place">Where.</param>
    /// <param name="size">Of the thing, above 0.</param>
    public static MotionFilter At(double place, double size) => new()
    {
        Place = place, _placeVariance = Square(PlaceDeviation * size), _velocityVariance = Square(VelocityDeviation * size),
    };

    /// <summary>Goes on in time.</summary>
    public void Predict(double seconds, double size)
    {
        double noise = Square(AccelerationDeviation * size);
        Place += Velocity * seconds;
        _placeVariance += (seconds * ((2 * _covariance) + (seconds * _velocityVariance))) + (noise * seconds * seconds * seconds / 3);
        _covariance += (seconds * _velocityVariance) + (noise * seconds * seconds / 2);
        _velocityVariance += noise * seconds;
    }

    /// <summary>Takes a measurement of now.</summary>
    public void Correct(double place, double size)
    {
        double sum = _placeVariance + Square(PlaceDeviation * size), placeGain = _placeVariance / sum, velocityGain = _covariance / sum, error = place - Place;
        Place += placeGain * error;
        Velocity += velocityGain * error;
        _velocityVariance -= velocityGain * _covariance;
        _covariance *= 1 - placeGain;
        _placeVariance *= 1 - placeGain;
    }

    private static double Square(double value) => value * value;
}
