namespace RealtimeCnn.Demo.Modes.Wall;

/// <summary>The parts of pictures that one channel answered most strongly to, strongest first; of a moment only its best one, so that they are not all of the same picture.</summary>
/// <param name="side">Of a patch, in pixels.</param>
internal sealed class StrongestPatches(int side)
{
    /// <summary>How many are kept.</summary>
    public const int Most = 9;

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);
    private readonly List<(float Response, TimeSpan Time, float[] Colors)> _kept = [];

    /// <summary>How many there are.</summary>
    public int Count => _kept.Count;

    /// <summary>What was answered to a patch.</summary>
    public float ResponseOf(int index) => _kept[index].Response;

    /// <summary>Colours of a patch, <c>[3, side, side]</c>.</summary>
    public float[] this[int index] => _kept[index].Colors;

    /// <summary>Looks whether a part of a new picture is among the strongest.</summary>
    /// <param name="response">What was answered to it.</param>
    /// <param name="time">When it was seen.</param>
    /// <returns>Its colours, to be filled; null where it is not.</returns>
    public float[]? Add(float response, TimeSpan time)
    {
        // A NaN is not strong.
        if (!(response > float.NegativeInfinity))
            return null;
        int same = _kept.FindIndex(patch => (patch.Time - time).Duration() < Moment);
        int replaced = same >= 0 ? same : _kept.Count == Most ? Most - 1 : -1;
        if (replaced >= 0 && !(response > _kept[replaced].Response))
            return null;
        float[] colors = replaced >= 0 ? _kept[replaced].Colors : new float[3 * side * side];
        if (replaced >= 0)
            _kept.RemoveAt(replaced);
        int place = 0;
        while (place < _kept.Count && _kept[place].Response >= response)
            place++;
        _kept.Insert(place, (response, time, colors));
        return colors;
    }
}
