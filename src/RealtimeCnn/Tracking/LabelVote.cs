using RealtimeCnn.Heads;

namespace RealtimeCnn.Tracking;

/// <summary>When a <see cref="LabelVote"/> takes a label, keeps it and lets go of it.</summary>
public sealed record LabelVoteOptions
{
    /// <summary>Time over which scores are averaged, above 0: what is older counts less than 1/e.</summary>
    public TimeSpan Memory { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Average score from which on there is a label, in [0, 1].</summary>
    public float Accept { get; init; } = 0.5f;

    /// <summary>Average score below which a label is let go, at most <see cref="Accept"/>.</summary>
    public float Release { get; init; } = 0.3f;

    /// <summary>By how much another label's average must be higher to replace the one there is, in [0, 1].</summary>
    public float Margin { get; init; } = 0.2f;

    /// <exception cref="ArgumentException">A number is out of its range; the message names it.</exception>
    internal void Verify()
    {
        if (Memory <= TimeSpan.Zero)
            throw new ArgumentException($"{nameof(LabelVoteOptions)}.{nameof(Memory)} is a time above 0; it is {Memory}.");
        foreach (var (name, value) in (ReadOnlySpan<(string, float)>)[(nameof(Accept), Accept), (nameof(Release), Release), (nameof(Margin), Margin)])
        {
            if (value is not (>= 0 and <= 1))
                throw new ArgumentException($"{nameof(LabelVoteOptions)}.{name} lies in [0, 1]; it is {value}.");
        }

        if (Release > Accept)
            throw new ArgumentException($"{nameof(LabelVoteOptions)}.{nameof(Release)} ({Release}) is at most {nameof(Accept)} ({Accept}), or a label would come and go.");
    }
}

/// <summary>
/// A label that holds still: each class has the average of its scores over the last moments, and the label changes only where another's
/// average is clearly higher; where none is high there is none. It remembers the eight classes that have most.
/// </summary>
/// <remarks>Averages are exponential in the time of the pictures, in any spacing; no clock is read.</remarks>
public sealed class LabelVote
{
    /// <summary>What <see cref="Label"/> is where no class is likely enough.</summary>
    public const int None = -1;

    private const int Remembered = 8;
    private readonly LabelVoteOptions _options;
    private readonly int[] _classes = new int[Remembered];
    private readonly float[] _averages = new float[Remembered];
    private TimeSpan? _time;
    private int _count;

    /// <summary>A vote in which nobody has voted yet.</summary>
    /// <param name="options">When labels change; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public LabelVote(LabelVoteOptions? options = null)
    {
        _options = options ?? new LabelVoteOptions();
        _options.Verify();
    }

    /// <summary>Number of the class, or <see cref="None"/>.</summary>
    public int Label { get; private set; } = None;

    /// <summary>Average score of the label, in [0, 1]; 0 where there is none.</summary>
    public float Score => Label == None ? 0 : AverageOf(Label);

    /// <summary>Forgets everything.</summary>
    public void Reset() => (_time, _count, Label) = (null, 0, None);

    /// <summary>Takes a picture's vote for one class.</summary>
    /// <param name="time">When the picture was taken; one that is no later than the one before changes nothing.</param>
    /// <param name="label">Number of the class, at least 0.</param>
    /// <param name="score">In [0, 1]; one that is no number counts as 0.</param>
    /// <returns>Whether it was taken.</returns>
    public bool Update(TimeSpan time, int label, float score)
    {
        if (!Begin(time, out float share))
            return false;
        Add(label, score, share);
        Decide();
        return true;
    }

    /// <summary>Takes the most likely classes of a picture, as <see cref="Classification.Top"/> has them; all others had the score 0.</summary>
    /// <param name="time">When the picture was taken; one that is no later than the one before changes nothing.</param>
    /// <param name="top">Classes and their probabilities, each class once.</param>
    /// <returns>Whether it was taken.</returns>
    public bool Update(TimeSpan time, IReadOnlyList<ClassScore> top)
    {
        ArgumentNullException.ThrowIfNull(top);
        if (!Begin(time, out float share))
            return false;
        for (int i = 0; i < top.Count; i++)
            Add(top[i].Class, top[i].Probability, share);
        Decide();
        return true;
    }

    /// <summary>Average score of a class, in [0, 1]; 0 of one that is not remembered.</summary>
    /// <param name="label">Number of the class.</param>
    public float AverageOf(int label)
    {
        int place = _classes.AsSpan(0, _count).IndexOf(label);
        return place < 0 ? 0 : _averages[place];
    }

    /// <summary>Lets all averages fall to what they are without a vote.</summary>
    private bool Begin(TimeSpan time, out float share)
    {
        share = 1;
        if (_time is { } before)
        {
            if (time <= before)
                return false;
            share = (float)(1 - Math.Exp(-(time - before) / _options.Memory));
        }

        _time = time;
        for (int i = 0; i < _count; i++)
            _averages[i] *= 1 - share;
        return true;
    }

    private void Add(int label, float score, float share)
    {
        if (label < 0)
            return;
        float vote = score > 0 ? share * Math.Min(score, 1) : 0;
        int place = _classes.AsSpan(0, _count).IndexOf(label);
        if (place < 0)
        {
            if (_count < Remembered)
                place = _count++;
            else if (Weakest() is var weakest && _averages[weakest] < vote)
                place = weakest;
            else
                return;
            (_classes[place], _averages[place]) = (label, 0);
        }

        _averages[place] += vote;
    }

    /// <summary>Place of the class that is forgotten first; never that of the label.</summary>
    private int Weakest()
    {
        int weakest = _classes[0] == Label ? 1 : 0;
        for (int i = weakest + 1; i < _count; i++)
        {
            if (_averages[i] < _averages[weakest] && _classes[i] != Label)
                weakest = i;
        }

        return weakest;
    }

    private void Decide()
    {
        int best = None;
        float most = float.NegativeInfinity;
        for (int i = 0; i < _count; i++)
        {
            if (_averages[i] > most)
                (best, most) = (_classes[i], _averages[i]);
        }

        if (Label != None && AverageOf(Label) < _options.Release)
            Label = None;
        if (best != None && most >= _options.Accept && (Label == None || most > AverageOf(Label) + _options.Margin))
            Label = best;
    }
}
