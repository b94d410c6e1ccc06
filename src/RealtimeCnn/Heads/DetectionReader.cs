using System.Numerics;

namespace RealtimeCnn.Heads;

/// <summary>
/// Reads a detector's outputs: scores from the threshold on, the best of them, their boxes and landmarks, and of those that mean the same
/// thing one. What is no number or lies nowhere is no box. Reused from picture to picture; allocates nothing.
/// </summary>
/// <remarks>
/// Candidates of equal score come in the order of places and classes, so that every backend finds the same. Twins on the GPU:
/// <c>shaders/heads/</c>.
/// </remarks>
public sealed class DetectionReader
{
    private readonly HeadLayout _layout;
    private readonly CandidateHeap _best;
    private readonly Shape[] _shapes;
    private readonly float[] _distribution;

    /// <summary>A reader for the outputs of a network.</summary>
    /// <param name="head">What they mean.</param>
    /// <param name="outputs">All of them, in order.</param>
    /// <param name="input">Size of the network's input; boxes are in its pixels.</param>
    /// <exception cref="ArgumentException">The outputs are not those of the head, or a number of it is not possible.</exception>
    public DetectionReader(DetectionHead head, IReadOnlyList<HeadOutput> outputs, Size2d input)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(outputs);
        head.Verify();
        Head = head;
        _layout = head.Lay(outputs, input);
        if ((long)_layout.Places * _layout.Classes > int.MaxValue)
            throw new ArgumentException($"{_layout.Places} places of {_layout.Classes} classes are more candidates than can be numbered.", nameof(outputs));
        _shapes = [.. outputs.Select(output => output.Shape)];
        _best = new CandidateHeap(head.Candidates);
        _distribution = new float[4];
        Found = new Detections(_layout.Landmarks);
        Found.Reserve(head.Candidates);
    }

    /// <summary>What the outputs mean.</summary>
    public DetectionHead Head { get; }

    /// <summary>Classes that the detector tells apart.</summary>
    public int Classes => _layout.Classes;

    /// <summary>Landmarks of each thing.</summary>
    public int Landmarks => _layout.Landmarks;

    /// <summary>Places that are looked at.</summary>
    public int Places => _layout.Places;

    /// <summary>What was found in the picture that was read last, best first, in pixels of the input.</summary>
    public Detections Found { get; }

    /// <summary>How candidates are read.</summary>
    internal HeadLayout Layout => _layout;

    /// <summary>Reads one picture.</summary>
    /// <param name="outputs">What the network gave for a batch.</param>
    /// <param name="item">Which picture of the batch.</param>
    /// <exception cref="ArgumentException">The outputs have other shapes than the reader was made for.</exception>
    public void Read(IReadOnlyList<Tensor> outputs, int item = 0) => Read(outputs, item, Head.Threshold);

    /// <summary>Reads one picture down to another score.</summary>
    /// <param name="outputs">What the network gave for a batch.</param>
    /// <param name="item">Which picture of the batch.</param>
    /// <param name="threshold">Least score, in (0, 1).</param>
    /// <exception cref="ArgumentException">The outputs have other shapes than the reader was made for.</exception>
    public void Read(IReadOnlyList<Tensor> outputs, int item, float threshold)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        Verify(outputs, item);
        _best.Clear();
        int first = 0;
        foreach (var grid in _layout.Grids)
        {
            Score(grid, first, outputs, item, threshold);
            first += grid.Places;
        }

        Found.Begin(_layout.Landmarks);
        foreach (var candidate in _best.Sorted())
            Box(candidate, outputs, item);
        Head.Suppression.Run(Found, threshold, Head.Boxes);
    }

    private void Verify(IReadOnlyList<Tensor> outputs, int item)
    {
        bool fits = outputs.Count == _shapes.Length;
        for (int i = 0; fits && i < _shapes.Length; i++)
            fits = IsSameButBatch(outputs[i].Shape, _shapes[i]) && (uint)item < (uint)outputs[i].Shape[0];
        if (!fits)
            throw new ArgumentException($"The reader was made for outputs {string.Join(" and ", _shapes)}, picture {item} of them; these are {string.Join(" and ", outputs.Select(output => output.Shape))}.", nameof(outputs));
    }

    private static bool IsSameButBatch(Shape a, Shape b)
    {
        bool same = a.Rank == b.Rank;
        for (int axis = 1; same && axis < a.Rank; axis++)
            same = a[axis] == b[axis];
        return same;
    }

    private static ReadOnlySpan<float> Values(HeadField field, IReadOnlyList<Tensor> outputs, int item)
    {
        var tensor = outputs[field.Output];
        int count = tensor.Shape.Count / tensor.Shape[0];
        return tensor.Span.Slice(item * count, count);
    }

    private void Score(HeadGrid grid, int firstPlace, IReadOnlyList<Tensor> outputs, int item, float threshold)
    {
        var scores = Values(grid.Scores, outputs, item);
        var objectness = Values(grid.Objectness, outputs, item);
        int cells = grid.Rows * grid.Columns, anchors = grid.Anchors.Length;
        for (int cell = 0; cell < cells; cell++)
        {
            for (int anchor = 0; anchor < anchors; anchor++)
            {
                float thing = 1;
                if (_layout.Join != ScoreJoin.ClassAlone)
                {
                    int at = grid.Objectness.First + (cell * grid.Objectness.PerCell) + (anchor * grid.Objectness.PerAnchor);
                    float raw = objectness[at];
                    if (!float.IsFinite(raw))
                        continue;
                    thing = _layout.Objectness == ScoreActivation.Sigmoid ? Sigmoid(raw) : raw;
                    // What is multiplied by at most 1 stays below.
                    if (_layout.Scores == ScoreActivation.Softmax && !(thing >= threshold))
                        continue;
                    if (_layout.PeaksAlone && !IsPeak(objectness, grid, cell))
                        continue;
                }

                int from = grid.Scores.First + (cell * grid.Scores.PerCell) + (anchor * grid.Scores.PerAnchor);
                Classify(scores[from..], grid.Scores.PerChannel, thing, threshold, firstPlace + (cell * anchors) + anchor);
            }
        }
    }

    /// <summary>Offers the classes of a place.</summary>
    private void Classify(ReadOnlySpan<float> scores, int stride, float thing, float threshold, int place)
    {
        float largest = 0, sum = 1;
        if (_layout.Scores == ScoreActivation.Softmax)
        {
            int channels = _layout.Background + _layout.Classes;
            largest = float.NegativeInfinity;
            for (int k = 0; k < channels; k++)
                largest = Math.Max(largest, scores[k * stride]);
            sum = 0;
            for (int k = 0; k < channels; k++)
                sum += MathF.Exp(scores[k * stride] - largest);
        }

        float best = float.NegativeInfinity;
        int bestClass = -1;
        for (int k = 0; k < _layout.Classes; k++)
        {
            float raw = scores[(_layout.Background + k) * stride];
            if (!float.IsFinite(raw))
                continue;
            if (_layout.EachClass)
                Offer(Joined(thing, Activated(raw)), k);
            else if (raw > best)
                (best, bestClass) = (raw, k);
        }

        if (bestClass >= 0)
            Offer(Joined(thing, Activated(best)), bestClass);

        float Activated(float raw) => _layout.Scores switch
        {
            ScoreActivation.Sigmoid => Sigmoid(raw),
            ScoreActivation.Softmax => MathF.Exp(raw - largest) / sum,
            _ => raw,
        };

        void Offer(float score, int k)
        {
            if (score >= threshold && score <= float.MaxValue)
                _best.Offer(new Candidate(Math.Min(score, 1), (place * _layout.Classes) + k));
        }
    }

    private float Joined(float thing, float score) => _layout.Join switch
    {
        ScoreJoin.Product => thing * score,
        ScoreJoin.GeometricMean => MathF.Sqrt(Math.Clamp(thing, 0, 1) * Math.Clamp(score, 0, 1)),
        ScoreJoin.Weighted => MathF.Pow(thing, 0.6f) * MathF.Pow(score, 0.4f),
        _ => score,
    };

    private static bool IsPeak(ReadOnlySpan<float> map, HeadGrid grid, int cell)
    {
        int row = cell / grid.Columns, column = cell % grid.Columns;
        float own = map[At(cell)];
        for (int r = Math.Max(0, row - 1); r <= Math.Min(grid.Rows - 1, row + 1); r++)
        {
            for (int c = Math.Max(0, column - 1); c <= Math.Min(grid.Columns - 1, column + 1); c++)
            {
                int other = (r * grid.Columns) + c;
                if (other < cell ? map[At(other)] >= own : map[At(other)] > own)
                    return false;
            }
        }

        return true;

        int At(int index) => grid.Objectness.First + (index * grid.Objectness.PerCell);
    }

    /// <summary>Adds a candidate's box and landmarks, if they lie anywhere.</summary>
    private void Box(Candidate candidate, IReadOnlyList<Tensor> outputs, int item)
    {
        int place = candidate.Key / _layout.Classes;
        var grid = _layout.Grids[0];
        for (int i = 1; place >= grid.Places; grid = _layout.Grids[i++])
            place -= grid.Places;
        int cell = place / grid.Anchors.Length, anchor = place % grid.Anchors.Length;
        var values = Values(grid.Boxes, outputs, item)[(grid.Boxes.First + (cell * grid.Boxes.PerCell) + (anchor * grid.Boxes.PerAnchor))..];
        var size = grid.Anchors[anchor];
        var centre = Vector2.Min((new Vector2(cell % grid.Columns, cell / grid.Columns) + new Vector2(grid.Offset)) * grid.Cell, _layout.PriorLimit);
        var unit = (_layout.ShiftsByAnchor ? size : grid.Cell) * _layout.ShiftScale;
        var (first, second) = _layout.Form switch
        {
            BoxForm.Corners => (Pair(values, 0, grid.Boxes.PerChannel) * _layout.ShiftScale, Pair(values, 2, grid.Boxes.PerChannel) * _layout.ShiftScale),
            BoxForm.Distances => Sides(values, grid.Boxes.PerChannel, centre, unit),
            _ => Around(centre + (Shifted(Pair(values, 0, grid.Boxes.PerChannel)) * unit), size * Side(Pair(values, 2, grid.Boxes.PerChannel) * _layout.SideScale)),
        };
        if (!IsNear(first) || !IsNear(second))
            return;
        if (_layout.IsCut)
        {
            var end = new Vector2(_layout.Input.Width, _layout.Input.Height);
            (first, second) = (Vector2.Clamp(first, Vector2.Zero, end), Vector2.Clamp(second, Vector2.Zero, end));
        }

        if (!(second.X > first.X) || !(second.Y > first.Y))
            return;
        Span<Vector2> points = stackalloc Vector2[_layout.Landmarks];
        if (_layout.Landmarks > 0)
        {
            var places = Values(grid.Points, outputs, item)[(grid.Points.First + (cell * grid.Points.PerCell) + (anchor * grid.Points.PerAnchor))..];
            for (int i = 0; i < points.Length; i++)
            {
                points[i] = centre + (Pair(places, 2 * i, grid.Points.PerChannel) * unit);
                if (!IsNear(points[i]))
                    return;
            }
        }

        Found.Add(new Detection(first.X, first.Y, second.X, second.Y, candidate.Key % _layout.Classes, candidate.Score), points);
    }

    private (Vector2 First, Vector2 Second) Sides(ReadOnlySpan<float> values, int stride, Vector2 centre, Vector2 unit)
    {
        for (int side = 0; side < 4; side++)
            _distribution[side] = Distance(values[(side * _layout.Bins * stride)..], stride);
        return (centre - (new Vector2(_distribution[0], _distribution[1]) * unit), centre + (new Vector2(_distribution[2], _distribution[3]) * unit));
    }

    /// <summary>A distance as it is, or the mean of its distribution.</summary>
    private float Distance(ReadOnlySpan<float> values, int stride)
    {
        if (_layout.Bins == 1)
            return values[0];
        float largest = float.NegativeInfinity, sum = 0, mean = 0;
        for (int bin = 0; bin < _layout.Bins; bin++)
            largest = Math.Max(largest, values[bin * stride]);
        for (int bin = 0; bin < _layout.Bins; bin++)
        {
            float weight = MathF.Exp(values[bin * stride] - largest);
            sum += weight;
            mean += weight * bin;
        }

        return mean / sum;
    }

    private Vector2 Shifted(Vector2 raw) => _layout.Shift switch
    {
        ShiftActivation.Sigmoid => new Vector2(Sigmoid(raw.X), Sigmoid(raw.Y)),
        ShiftActivation.Tanh => new Vector2(MathF.Tanh(raw.X), MathF.Tanh(raw.Y)),
        _ => raw,
    };

    private Vector2 Side(Vector2 raw) => _layout.Side switch
    {
        SideActivation.Exp => new Vector2(MathF.Exp(Math.Min(raw.X, HeadLayout.LargestLog)), MathF.Exp(Math.Min(raw.Y, HeadLayout.LargestLog))),
        SideActivation.Sigmoid => new Vector2(Sigmoid(raw.X), Sigmoid(raw.Y)),
        _ => raw,
    };

    private static (Vector2 First, Vector2 Second) Around(Vector2 centre, Vector2 size) => (centre - (size / 2), centre + (size / 2));

    private static Vector2 Pair(ReadOnlySpan<float> values, int channel, int stride) => new(values[channel * stride], values[(channel + 1) * stride]);

    // False for what is no number.
    private static bool IsNear(Vector2 place) => Math.Abs(place.X) <= HeadLayout.Furthest && Math.Abs(place.Y) <= HeadLayout.Furthest;

    private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));
}
