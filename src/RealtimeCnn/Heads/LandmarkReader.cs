using System.Numerics;

namespace RealtimeCnn.Heads;

/// <summary>Reads the outputs of a network of landmarks. Reused from picture to picture; allocates nothing.</summary>
public sealed class LandmarkReader
{
    private const int None = -1;
    private readonly LandmarkHead _head;
    private readonly Size2d _input;
    private readonly Shape[] _shapes;
    private readonly Vector3[] _points;
    private readonly int _pointsAt, _presenceAt, _rightHandAt;

    /// <summary>A reader for the outputs of a network.</summary>
    /// <param name="head">What they mean.</param>
    /// <param name="outputs">All of them, in order.</param>
    /// <param name="input">Size of the network's input; places are in its pixels.</param>
    /// <exception cref="ArgumentException">The outputs are not those of the head, or a number of it is not possible; the message says which.</exception>
    public LandmarkReader(LandmarkHead head, IReadOnlyList<HeadOutput> outputs, Size2d input)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(outputs);
        if (head.Dimensions is not (2 or 3) || head.Points is < 0 or > LandmarkHead.MostPoints)
            throw new ArgumentException($"A landmark has 2 or 3 numbers, and a thing has up to {LandmarkHead.MostPoints} of them, or 0 for as many as there are; these are {head.Dimensions} and {head.Points}.", nameof(head));
        if (head.Threshold is not (> 0 and < 1))
            throw new ArgumentException($"A threshold lies between 0 and 1; it is {head.Threshold}.", nameof(head));
        (_head, _input) = (head, input);
        _shapes = [.. outputs.Select(output => output.Shape)];
        _pointsAt = head.PointsOutput.Length > 0 ? Named(head.PointsOutput)
            : Find(output => head.Points > 0 ? Numbers(output) == head.Points * head.Dimensions : Numbers(output) > 1 && Numbers(output) % head.Dimensions == 0);
        _presenceAt = head.Presence == PresenceScore.None ? None : head.PresenceOutput.Length > 0 ? Named(head.PresenceOutput) : Find(output => Numbers(output) == 1);
        _rightHandAt = head.RightHandOutput.Length > 0 ? Named(head.RightHandOutput)
            : head.PresenceOutput.Length > 0 || _presenceAt == None ? None : Find(output => Numbers(output) == 1, _presenceAt + 1);
        int count = _pointsAt == None ? 0 : Numbers(outputs[_pointsAt]) / head.Dimensions;
        if (count is 0 or > LandmarkHead.MostPoints || Numbers(outputs[_pointsAt]) != count * head.Dimensions || (head.Points > 0 && head.Points != count)
            || (head.Presence != PresenceScore.None && (_presenceAt == None || Numbers(outputs[_presenceAt]) != 1)) || (_rightHandAt != None && Numbers(outputs[_rightHandAt]) != 1))
        {
            string points = head.Points > 0 ? $"{head.Points} points" : $"up to {LandmarkHead.MostPoints} points";
            throw new ArgumentException(
                $"The head '{head.Family}' reads {points} of {head.Dimensions} numbers{(head.Presence == PresenceScore.None ? "" : " and a score of one number ('head.presence': none, where there is none)")}; the network gives {HeadOutput.Describe(outputs)}.", nameof(outputs));
        }

        _points = new Vector3[count];

        int Find(Func<HeadOutput, bool> fits, int from = 0)
        {
            for (int i = from; i < outputs.Count; i++)
            {
                if (fits(outputs[i]))
                    return i;
            }

            return None;
        }

        int Named(string name)
        {
            int index = Find(output => output.Name == name);
            return index != None ? index : throw new ArgumentException($"The head '{head.Family}' reads an output '{name}'; the network gives {HeadOutput.Describe(outputs)}.", nameof(outputs));
        }

        static int Numbers(HeadOutput output) => output.Shape.Count / Math.Max(output.Shape[0], 1);
    }

    /// <summary>The points of what was read last, in pixels of the input, (0, 0) being the outer corner of the top left pixel; the depth in pixels too, 0 where there is none.</summary>
    public ReadOnlySpan<Vector3> Points => _points;

    /// <summary>Probability that the thing is there; 1 where nothing says, NaN where the network gave no number.</summary>
    public float Presence { get; private set; }

    /// <summary>Probability that a hand is a right one; NaN where nothing says.</summary>
    public float RightHand { get; private set; } = float.NaN;

    /// <summary>Whether the thing is there: by its score, and all its points are somewhere.</summary>
    public bool IsFound { get; private set; }

    /// <summary>Reads one thing.</summary>
    /// <param name="outputs">What the network gave for a batch.</param>
    /// <param name="item">Which of the batch.</param>
    /// <exception cref="ArgumentException">The outputs have other shapes than the reader was made for.</exception>
    public void Read(IReadOnlyList<Tensor> outputs, int item = 0)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        bool fits = outputs.Count == _shapes.Length;
        for (int i = 0; fits && i < _shapes.Length; i++)
            fits = outputs[i].Shape.Count / Math.Max(outputs[i].Shape[0], 1) == _shapes[i].Count / Math.Max(_shapes[i][0], 1) && (uint)item < (uint)outputs[i].Shape[0];
        if (!fits)
            throw new ArgumentException($"The reader was made for outputs {string.Join(" and ", _shapes)}, thing {item} of them; these are {string.Join(" and ", outputs.Select(output => output.Shape))}.", nameof(outputs));
        Presence = _presenceAt == None ? 1 : Score(outputs[_presenceAt].Span[item]);
        RightHand = _rightHandAt == None ? float.NaN : outputs[_rightHandAt].Span[item];
        IsFound = Presence >= _head.Threshold;
        var values = outputs[_pointsAt].Span.Slice(item * _points.Length * _head.Dimensions, _points.Length * _head.Dimensions);
        var unit = _head.IsInParts ? new Vector3(_input.Width, _input.Height, _input.Width) : Vector3.One;
        for (int i = 0; i < _points.Length; i++)
        {
            var value = values[(i * _head.Dimensions)..];
            var point = _points[i] = new Vector3(value[0], value[1], _head.Dimensions == 3 ? value[2] : 0) * unit;
            IsFound &= IsNear(point.X) && IsNear(point.Y) && IsNear(point.Z);
        }
    }

    // False for what is no number.
    private static bool IsNear(float place) => Math.Abs(place) <= HeadLayout.Furthest;

    // An infinite score is a broken network's, and nothing.
    private float Score(float raw) => !float.IsFinite(raw) ? float.NaN : _head.Presence == PresenceScore.Logit ? 1 / (1 + MathF.Exp(-raw)) : raw;
}
