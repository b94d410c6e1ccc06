using System.Numerics;
using RealtimeCnn.Heads;

namespace RealtimeCnn.Tracking;

/// <summary>
/// Follows things from picture to picture: each keeps its number while it moves, crosses others and is hidden for a while; its box and
/// points are smoothed, its label holds still. Detections of a picture are assigned to the places where things should be by now, so that
/// the sum of what they overlap is largest; things that were never confirmed take what is left.
/// </summary>
/// <remarks>
/// <para>
/// Times are those of the pictures, in any spacing; no clock is read. A picture that is no later than the newest changes nothing, so that
/// results may be shown as often as one likes. Detections that are no boxes (inside out, infinite, not a number) are passed over, of more
/// than twice <see cref="BoxTrackerOptions.MostTracks"/> the best are looked at, and after construction nothing is allocated. One thread at a time.
/// </para>
/// <para>
/// Source: Bewley et al. 2016, "Simple Online and Realtime Tracking", arXiv:1602.00763 (prediction, overlap, optimal assignment, tentative
/// tracks); Wojke et al. 2017, arXiv:1703.07402 (tracks in order of certainty); Yang et al. 2023, arXiv:2211.14317 (overlap of boxes with a
/// margin, for things that move by their own size).
/// </para>
/// </remarks>
public sealed class BoxTracker
{
    /// <summary>What is added around a box before overlaps are taken, of its sides.</summary>
    private const float Margin = 0.25f;

    /// <summary>Share of the similarity that is left where the labels differ.</summary>
    private const float OtherLabel = 0.5f;

    private const int Taken = -1;
    private readonly BoxTrackerOptions _options;
    private readonly TrackedThing[] _things;
    private readonly TrackedThing[] _rows;
    private readonly int[] _candidates;
    private readonly PriorityQueue<int, (float Score, int Earlier)> _best;
    private readonly Assignment _assignment;
    private readonly List<Track> _tracks;
    private TimeSpan? _time;
    private long _lastId;
    private int _count;
    private int _candidateCount;

    /// <summary>A tracker that has seen nothing yet.</summary>
    /// <param name="options">How it follows; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public BoxTracker(BoxTrackerOptions? options = null)
    {
        _options = options ?? new BoxTrackerOptions();
        _options.Verify();
        int most = _options.MostTracks, candidates = 2 * most;
        _things = new TrackedThing[most];
        for (int i = 0; i < most; i++)
            _things[i] = new TrackedThing(_options);
        _rows = new TrackedThing[most];
        _candidates = new int[candidates];
        _best = new PriorityQueue<int, (float, int)>(candidates + 1);
        _assignment = new Assignment(most, candidates);
        _tracks = new List<Track>(most);
    }

    /// <summary>The things that are followed, oldest first, those included that are lost for the moment. Counting through it allocates nothing; it is the same list for every picture.</summary>
    public IReadOnlyList<Track> Tracks => _tracks;

    /// <summary>Forgets what it follows; numbers go on. For another scene, another size of pictures, another network.</summary>
    public void Reset()
    {
        (_time, _count) = (null, 0);
        _tracks.Clear();
    }

    /// <summary>Takes what was found in a picture, with its landmarks where the tracker follows them.</summary>
    /// <param name="time">When the picture was taken.</param>
    /// <param name="found">What was found; boxes in any units that stay the same.</param>
    /// <returns>Whether it was taken: false for a picture that is no later than the newest.</returns>
    /// <exception cref="ArgumentException">Things have more or fewer landmarks than <see cref="BoxTrackerOptions.Landmarks"/> says.</exception>
    public bool Update(TimeSpan time, Detections found)
    {
        ArgumentNullException.ThrowIfNull(found);
        return Update(time, found.Boxes, _options.Landmarks == 0 ? [] : found.Points);
    }

    /// <summary>Takes what was found in a picture.</summary>
    /// <param name="time">When the picture was taken.</param>
    /// <param name="detections">What was found, in any order; boxes in any units that stay the same.</param>
    /// <param name="landmarks">Points of each detection, one detection after the other; empty where the tracker has none.</param>
    /// <returns>Whether it was taken: false for a picture that is no later than the newest.</returns>
    /// <exception cref="ArgumentException">There are more or fewer points than <see cref="BoxTrackerOptions.Landmarks"/> says.</exception>
    public bool Update(TimeSpan time, ReadOnlySpan<Detection> detections, ReadOnlySpan<Vector2> landmarks = default)
    {
        int points = _options.Landmarks;
        if (landmarks.Length != (long)detections.Length * points)
            throw new ArgumentException($"Detections of {_options.Landmarks} points each: {detections.Length} of them have {(long)detections.Length * points}; there are {landmarks.Length}.", nameof(landmarks));
        bool isNewScene = _time is not { } before || (time - before).Duration() > _options.LongestGap;
        double seconds = isNewScene ? 0 : (time - _time!.Value).TotalSeconds;
        if (isNewScene)
            _count = 0;
        else if (!(seconds > 0))
            return false;
        _time = time;
        FindCandidates(detections);
        for (int i = 0; i < _count; i++)
            _things[i].Predict(seconds);
        foreach (bool confirmed in (ReadOnlySpan<bool>)[true, false])
            Match(confirmed, time, seconds, detections, landmarks);
        Remove();
        for (int i = 0; i < _candidateCount && _count < _things.Length; i++)
        {
            var box = detections[_candidates[i]];
            if (box.Score >= _options.BeginScore)
                _things[_count++].Begin(time, _candidates[i], box, landmarks.Slice(_candidates[i] * points, points));
        }

        _tracks.Clear();
        for (int i = 0; i < _count; i++)
        {
            var thing = _things[i];
            if (!thing.IsConfirmed && (isNewScene || thing.Hits >= _options.ConfirmAfter))
                thing.Id = ++_lastId;
            if (thing.IsConfirmed)
                _tracks.Add(thing.Describe());
        }

        return true;
    }

    /// <summary>Assigns the candidates that are left to things; those that are assigned are no candidates any more.</summary>
    private void Match(bool confirmed, TimeSpan time, double seconds, ReadOnlySpan<Detection> detections, ReadOnlySpan<Vector2> landmarks)
    {
        int rows = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_things[i].IsConfirmed == confirmed)
                _rows[rows++] = _things[i];
        }

        _assignment.Begin(rows, _candidateCount);
        for (int row = 0; row < rows; row++)
        {
            var expected = _rows[row].Expected;
            for (int column = 0; column < _candidateCount; column++)
            {
                var box = detections[_candidates[column]];
                float similarity = WithMargin(expected).Overlap(WithMargin(box)) * (box.Class == expected.Class ? 1 : OtherLabel);
                if (similarity >= _options.LeastSimilarity)
                    _assignment.Set(row, column, similarity);
            }
        }

        int points = _options.Landmarks;
        var columns = _assignment.Solve();
        for (int row = 0; row < rows; row++)
        {
            if (columns[row] < 0)
            {
                _rows[row].Miss(seconds);
                continue;
            }

            int found = _candidates[columns[row]];
            _rows[row].Find(time, found, detections[found], landmarks.Slice(found * points, points));
            _candidates[columns[row]] = Taken;
        }

        int left = 0;
        for (int i = 0; i < _candidateCount; i++)
        {
            if (_candidates[i] != Taken)
                _candidates[left++] = _candidates[i];
        }

        _candidateCount = left;
    }

    /// <summary>Finds the best detections that are boxes, best first.</summary>
    private void FindCandidates(ReadOnlySpan<Detection> detections)
    {
        for (int i = 0; i < detections.Length; i++)
        {
            var box = detections[i];
            if (!(box.Area > 0) || !float.IsFinite(box.Area) || !float.IsFinite(box.Score))
                continue;
            if (_best.Count < _candidates.Length)
                _best.Enqueue(i, (box.Score, -i));
            else
                _best.EnqueueDequeue(i, (box.Score, -i));
        }

        _candidateCount = _best.Count;
        for (int i = _candidateCount - 1; i >= 0; i--)
            _candidates[i] = _best.Dequeue();
    }

    /// <summary>Removes things that are gone; the others keep their order.</summary>
    private void Remove()
    {
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_things[i].IsGone)
                continue;
            (_things[kept], _things[i]) = (_things[i], _things[kept]);
            kept++;
        }

        _count = kept;
    }

    private static Detection WithMargin(Detection box)
    {
        float width = (box.Right - box.Left) * Margin, height = (box.Bottom - box.Top) * Margin;
        return box with { Left = box.Left - width, Top = box.Top - height, Right = box.Right + width, Bottom = box.Bottom + height };
    }
}
