using System.Numerics;
using System.Runtime.InteropServices;
using RealtimeCnn.Heads;

namespace RealtimeCnn.Tracking;

/// <summary>What a tracker knows of one thing; used again for another when it is gone.</summary>
internal sealed class TrackedThing
{
    private const int BoxValues = 4;
    private readonly BoxTrackerOptions _options;
    private readonly OneEuroFilter _smooth;
    private readonly LabelVote _label;
    private readonly float[] _measured;
    private readonly Vector2[] _landmarks;
    private MotionFilter _x, _y;
    private TimeSpan _begun, _seen;
    private float _score;
    private int _place;

    public TrackedThing(BoxTrackerOptions options)
    {
        _options = options;
        _measured = new float[BoxValues + (2 * options.Landmarks)];
        _landmarks = new Vector2[options.Landmarks];
        _smooth = new OneEuroFilter(_measured.Length, options.Smoothing);
        _label = new LabelVote(options.Label);
    }

    /// <summary>Its number; 0 before it is confirmed.</summary>
    public long Id { get; set; }

    public int Hits { get; private set; }

    public int Missed { get; private set; }

    public bool IsConfirmed => Id > 0;

    /// <summary>Whether it is to be followed no more: lost for too long, or lost before it was confirmed.</summary>
    public bool IsGone => Missed > (IsConfirmed ? _options.MostMissed : 0);

    /// <summary>Where it should be now.</summary>
    public Detection Expected => BoxAt((float)_x.Place, (float)_y.Place);

    private float Size => MathF.Sqrt(_smooth.Values[2] * _smooth.Values[3]);

    /// <summary>Begins as another thing.</summary>
    public void Begin(TimeSpan time, int place, Detection box, ReadOnlySpan<Vector2> landmarks)
    {
        (Id, Hits, Missed, _begun) = (0, 0, 0, time);
        _smooth.Reset();
        _label.Reset();
        float size = MathF.Sqrt(box.Area);
        (_x, _y) = (MotionFilter.At(CentreX(box), size), MotionFilter.At(CentreY(box), size));
        Take(time, place, box, landmarks);
    }

    /// <summary>Goes on in time.</summary>
    public void Predict(double seconds)
    {
        _x.Predict(seconds, Size);
        _y.Predict(seconds, Size);
    }

    /// <summary>Was found.</summary>
    public void Find(TimeSpan time, int place, Detection box, ReadOnlySpan<Vector2> landmarks)
    {
        _x.Correct(CentreX(box), Size);
        _y.Correct(CentreY(box), Size);
        Take(time, place, box, landmarks);
    }

    /// <summary>Was not found: what is shown of it moves as it should have.</summary>
    public void Miss(double seconds)
    {
        Missed++;
        _place = -1;
        float stepX = (float)(_x.Velocity * seconds), stepY = (float)(_y.Velocity * seconds);
        for (int i = 0; i < _measured.Length; i++)
        {
            if (i is not (2 or 3))
                _smooth.Shift(i, i % 2 == 0 ? stepX : stepY);
        }
    }

    /// <summary>What others see of it.</summary>
    public Track Describe()
    {
        MemoryMarshal.Cast<float, Vector2>(_smooth.Values[BoxValues..]).CopyTo(_landmarks);
        return new Track(
            Id, BoxAt(_smooth.Values[0], _smooth.Values[1]), _place, _begun, _seen, Hits, Missed, (float)_x.Velocity, (float)_y.Velocity, _landmarks);
    }

    private static float CentreX(Detection box) => box.Left + ((box.Right - box.Left) / 2);

    private static float CentreY(Detection box) => box.Top + ((box.Bottom - box.Top) / 2);

    private void Take(TimeSpan time, int place, Detection box, ReadOnlySpan<Vector2> landmarks)
    {
        (Missed, _seen, _score, _place) = (0, time, box.Score, place);
        Hits++;
        (_measured[0], _measured[1], _measured[2], _measured[3]) = (CentreX(box), CentreY(box), box.Right - box.Left, box.Bottom - box.Top);

        // Points that are no numbers stay where they were.
        var points = MemoryMarshal.Cast<Vector2, float>(landmarks);
        for (int i = 0; i < points.Length; i++)
            _measured[BoxValues + i] = float.IsFinite(points[i]) ? points[i] : Hits > 1 ? _smooth.Values[BoxValues + i] : _measured[i % 2];
        _smooth.Update(time, _measured, MathF.Sqrt(box.Area));
        _label.Update(time, box.Class, box.Score);
    }

    private Detection BoxAt(float x, float y)
    {
        float width = _smooth.Values[2] / 2, height = _smooth.Values[3] / 2;
        return new Detection(x - width, y - height, x + width, y + height, _label.Label, _score);
    }
}
