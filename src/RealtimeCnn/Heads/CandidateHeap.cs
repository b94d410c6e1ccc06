namespace RealtimeCnn.Heads;

/// <summary>A class of a place that may be something.</summary>
/// <param name="Score">From the threshold to 1.</param>
/// <param name="Key">The place's number times the classes, and the class.</param>
internal readonly record struct Candidate(float Score, int Key)
{
    /// <summary>Whether it comes before another: by score, then by key.</summary>
    public bool IsBefore(Candidate other) => Score > other.Score || (Score == other.Score && Key < other.Key);
}

/// <summary>The best of many candidates: a heap whose root is the last of those that are kept. Allocates nothing once made.</summary>
/// <param name="capacity">How many are kept, at least 1.</param>
internal sealed class CandidateHeap(int capacity)
{
    private readonly Candidate[] _kept = new Candidate[capacity];
    private int _count;

    public void Clear() => _count = 0;

    public void Offer(Candidate candidate)
    {
        if (_count < _kept.Length)
            Up(candidate, _count++);
        else if (candidate.IsBefore(_kept[0]))
            Down(candidate, _count);
    }

    /// <summary>Those that are kept, the best first. The heap is none afterwards: clear it.</summary>
    public ReadOnlySpan<Candidate> Sorted()
    {
        for (int left = _count - 1; left > 0; left--)
        {
            var last = _kept[left];
            _kept[left] = _kept[0];
            Down(last, left);
        }

        return _kept.AsSpan(0, _count);
    }

    private void Up(Candidate candidate, int at)
    {
        while (at > 0 && _kept[(at - 1) / 2].IsBefore(candidate))
        {
            _kept[at] = _kept[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        _kept[at] = candidate;
    }

    private void Down(Candidate candidate, int count)
    {
        int at = 0;
        while (true)
        {
            int child = (2 * at) + 1;
            if (child >= count)
                break;
            if (child + 1 < count && _kept[child].IsBefore(_kept[child + 1]))
                child++;
            if (!candidate.IsBefore(_kept[child]))
                break;
            _kept[at] = _kept[child];
            at = child;
        }

        _kept[at] = candidate;
    }
}
