using System.Collections;
using System.Numerics;
using RealtimeCnn.Images;

namespace RealtimeCnn.Heads;

/// <summary>
/// Things found in a picture, best first, each with the same number of landmarks. Reused from picture to picture: once it has held as many
/// things as come, it allocates nothing.
/// </summary>
/// <param name="landmarks">Landmarks of each thing, at least 0.</param>
public sealed class Detections(int landmarks = 0) : IReadOnlyList<Detection>
{
    private Detection[] _boxes = [];
    private Vector2[] _points = [];

    /// <summary>Landmarks of each thing: 5 of a face, say; 0 where the network gives none.</summary>
    public int Landmarks { get; private set; } = landmarks >= 0 ? landmarks : throw new ArgumentOutOfRangeException(nameof(landmarks));

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public Detection this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return _boxes[index];
        }
    }

    /// <summary>Boxes that may be changed in place.</summary>
    internal Span<Detection> Boxes => _boxes.AsSpan(0, Count);

    /// <summary>The landmarks of a thing, in the units of its box.</summary>
    /// <param name="index">Which thing.</param>
    public ReadOnlySpan<Vector2> LandmarksOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        return PointsOf(index);
    }

    /// <summary>Removes all things.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a thing behind the others.</summary>
    /// <param name="box">Its box.</param>
    /// <param name="points">Its landmarks, as many as <see cref="Landmarks"/>.</param>
    /// <exception cref="ArgumentException">There are more or fewer landmarks.</exception>
    public void Add(Detection box, params ReadOnlySpan<Vector2> points)
    {
        if (points.Length != Landmarks)
            throw new ArgumentException($"Each thing here has {Landmarks} landmarks; {points.Length} were given.", nameof(points));
        Grow(Count + 1);
        _boxes[Count] = box;
        Count++;
        points.CopyTo(PointsOf(Count - 1));
    }

    /// <summary>Becomes a copy.</summary>
    /// <param name="other">What to copy.</param>
    public void CopyFrom(Detections other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Begin(other.Landmarks);
        Grow(other.Count);
        Count = other.Count;
        other.Boxes.CopyTo(_boxes);
        other._points.AsSpan(0, Count * Landmarks).CopyTo(_points);
    }

    /// <summary>Brings all boxes and landmarks from the network's input to the picture as a viewer sees it.</summary>
    /// <param name="mapping">Of the picture that they were found in.</param>
    public void ToUpright(PictureMapping mapping)
    {
        foreach (ref var box in Boxes)
        {
            Vector2 first = Upright(new Vector2(box.Left, box.Top)), second = Upright(new Vector2(box.Right, box.Bottom));
            box = box with { Left = first.X, Top = first.Y, Right = second.X, Bottom = second.Y };
        }

        foreach (ref var point in _points.AsSpan(0, Count * Landmarks))
            point = Upright(point);

        Vector2 Upright(Vector2 place)
        {
            var upright = mapping.ToUpright(new PicturePoint(place.X, place.Y));
            return new Vector2((float)upright.X, (float)upright.Y);
        }
    }

    /// <summary>The things in order; in a <c>foreach</c> it allocates nothing.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<Detection> IEnumerable<Detection>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Removes all things; those to come have so many landmarks.</summary>
    internal void Begin(int landmarks) => (Landmarks, Count) = (landmarks, 0);

    /// <summary>Room for so many things, so that nothing is allocated later.</summary>
    internal void Reserve(int count) => Grow(count);

    internal Span<Vector2> PointsOf(int index) => _points.AsSpan(index * Landmarks, Landmarks);

    /// <summary>Copies a thing over another.</summary>
    internal void Move(int from, int to)
    {
        _boxes[to] = _boxes[from];
        PointsOf(from).CopyTo(PointsOf(to));
    }

    /// <summary>Brings a thing forward; those between move back by one.</summary>
    internal void BringForward(int from, int to)
    {
        if (from == to)
            return;
        Span<Vector2> points = stackalloc Vector2[Landmarks];
        var box = _boxes[from];
        PointsOf(from).CopyTo(points);
        Array.Copy(_boxes, to, _boxes, to + 1, from - to);
        Array.Copy(_points, to * Landmarks, _points, (to + 1) * Landmarks, (from - to) * Landmarks);
        _boxes[to] = box;
        points.CopyTo(PointsOf(to));
    }

    /// <summary>Keeps the first so many things.</summary>
    internal void Truncate(int count) => Count = Math.Min(Count, count);

    private void Grow(int count)
    {
        if (_boxes.Length < count)
            Array.Resize(ref _boxes, Math.Max(count, 2 * _boxes.Length));
        if (_points.Length < _boxes.Length * Landmarks)
            Array.Resize(ref _points, _boxes.Length * Landmarks);
    }

    /// <summary>Walks over <see cref="Detections"/>.</summary>
    /// <param name="detections">Over which.</param>
    public struct Enumerator(Detections detections) : IEnumerator<Detection>
    {
        private int _index = -1;

        /// <inheritdoc/>
        public readonly Detection Current => detections[_index];

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext() => ++_index < detections.Count;

        /// <inheritdoc/>
        public void Reset() => _index = -1;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
            // Nothing is held.
        }
    }
}
