namespace RealtimeCnn.Tracking;

/// <summary>How strongly a <see cref="OneEuroFilter"/> smooths. First <see cref="MinCutoff"/> for a value that stands still, then <see cref="Beta"/> for one that moves.</summary>
public sealed record OneEuroOptions
{
    /// <summary>Cutoff frequency at rest, in Hz, above 0: lower for less jitter, higher for less lag.</summary>
    public double MinCutoff { get; init; } = 1;

    /// <summary>
    /// What speed adds to the cutoff, in Hz for each unit per second, at least 0. At a constant speed the filtered value lags behind by less than
    /// <c>1 / (2π·Beta)</c> units, whatever the speed.
    /// </summary>
    public double Beta { get; init; } = 4;

    /// <summary>Cutoff frequency of the speed itself, in Hz, above 0.</summary>
    public double SpeedCutoff { get; init; } = 1;

    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range; the message names it.</exception>
    internal void Verify()
    {
        Verify(MinCutoff, MinCutoff > 0, nameof(MinCutoff), "above 0");
        Verify(Beta, Beta >= 0, nameof(Beta), "at least 0");
        Verify(SpeedCutoff, SpeedCutoff > 0, nameof(SpeedCutoff), "above 0");

        static void Verify(double value, bool fits, string name, string range)
        {
            if (!fits || !double.IsFinite(value))
                throw new ArgumentOutOfRangeException(name, value, $"{nameof(OneEuroOptions)}.{name} is a finite number {range}.");
        }
    }
}

/// <summary>
/// The 1€ filter: a low-pass filter of first order whose cutoff grows with the speed of its value, so that what stands still does not
/// jitter and what moves does not lag. <c>cutoff = MinCutoff + Beta·|speed|</c>, <c>α = 1 / (1 + 1 / (2π·cutoff·Δt))</c>,
/// <c>y ← y + α·(x − y)</c>. Filters several values that are measured at the same times, each by itself.
/// </summary>
/// <remarks>
/// Times are those of the measurements, in any spacing; no clock is read. Source: Casiez, Roussel and Vogel 2012, "1€ Filter: A Simple
/// Speed-based Low-pass Filter for Noisy Input in Interactive Systems", CHI 2012, algorithms 1 and 2.
/// </remarks>
public sealed class OneEuroFilter
{
    private readonly OneEuroOptions _options;
    private readonly float[] _values;
    private readonly double[] _speeds;
    private TimeSpan? _time;

    /// <summary>A filter that has measured nothing yet.</summary>
    /// <param name="count">How many values, at least 1.</param>
    /// <param name="options">How strongly it smooths; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no value, or an option is out of its range.</exception>
    public OneEuroFilter(int count = 1, OneEuroOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _options = options ?? new OneEuroOptions();
        _options.Verify();
        (_values, _speeds) = (new float[count], new double[count]);
    }

    /// <summary>The filtered values; zeros before the first measurement.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Forgets everything: the next measurement is taken as it is.</summary>
    public void Reset() => _time = null;

    /// <summary>Takes a measurement. One that is no later than the one before, or not finite, changes nothing.</summary>
    /// <param name="time">When it was measured.</param>
    /// <param name="measured">As many values as the filter has.</param>
    /// <param name="unit">What a speed is measured in, above 0: the size of a thing, so that large and small ones are smoothed alike; 1 for the values' own.</param>
    /// <returns>Whether it was taken.</returns>
    /// <exception cref="ArgumentException">There are more or fewer values.</exception>
    public bool Update(TimeSpan time, ReadOnlySpan<float> measured, float unit = 1)
    {
        if (measured.Length != _values.Length)
            throw new ArgumentException($"The filter has {_values.Length} values; {measured.Length} were measured.", nameof(measured));
        if (!(unit > 0) || !float.IsFinite(unit))
            throw new ArgumentOutOfRangeException(nameof(unit), unit, "The unit of speeds is a finite number above 0.");
        foreach (float value in measured)
        {
            if (!float.IsFinite(value))
                return false;
        }

        if (_time is not { } before)
        {
            measured.CopyTo(_values);
            Array.Clear(_speeds);
            _time = time;
            return true;
        }

        double seconds = (time - before).TotalSeconds;
        if (!(seconds > 0))
            return false;
        _time = time;
        double share = Share(_options.SpeedCutoff, seconds);
        for (int i = 0; i < _values.Length; i++)
        {
            double step = (double)measured[i] - _values[i];
            _speeds[i] += share * ((step / (seconds * unit)) - _speeds[i]);
            _values[i] = (float)(_values[i] + (Share(_options.MinCutoff + (_options.Beta * Math.Abs(_speeds[i])), seconds) * step));
        }

        return true;
    }

    /// <summary>Moves a filtered value without a measurement, where its way is known otherwise.</summary>
    internal void Shift(int index, float distance) => _values[index] += distance;

    /// <summary>The share of a new measurement in the filtered value: α.</summary>
    private static double Share(double cutoff, double seconds)
    {
        double turns = 2 * Math.PI * cutoff * seconds;
        return double.IsFinite(turns) ? turns / (1 + turns) : 1;
    }
}
