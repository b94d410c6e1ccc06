using System.Runtime.CompilerServices;
using System.Text;

namespace RealtimeCnn;

/// <summary>
/// The extent of a dense tensor along each axis, in elements, slowest axis first. A picture is
/// <c>[batch, channels, height, width]</c>; up to <see cref="MaxRank"/> axes are possible.
/// </summary>
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>Most axes a shape can have.</summary>
    public const int MaxRank = 8;

    private readonly Axes _axes;
    private readonly int _count;

    /// <summary>A shape with the given extents.</summary>
    /// <param name="extents">Extent along each axis, slowest first; each at least 0.</param>
    /// <exception cref="ShapeException">
    /// More than <see cref="MaxRank"/> axes, a negative extent, or more than 2^31 − 1 elements; an extent of 0 counts as 1 there, so that
    /// the product of any axes is in range.
    /// </exception>
    public Shape(params ReadOnlySpan<int> extents)
    {
        if (extents.Length > MaxRank)
            throw new ShapeException($"A shape has at most {MaxRank} axes; asked for {extents.Length}.");
        long bound = 1;
        bool isEmpty = false;
        for (int axis = 0; axis < extents.Length; axis++)
        {
            if (extents[axis] < 0)
                throw new ShapeException($"Axis {axis} of shape [{string.Join(", ", extents.ToArray())}] is negative.");
            _axes[axis] = extents[axis];
            isEmpty |= extents[axis] == 0;
            bound = Math.Min(bound * Math.Max(extents[axis], 1), 1L << 31);
        }

        if (bound > int.MaxValue)
            throw new ShapeException($"Shape [{string.Join(", ", extents.ToArray())}] has more than 2^31 − 1 elements.");
        Rank = extents.Length;
        _count = isEmpty ? 0 : (int)bound;
    }

    /// <summary>A shape of extents that were computed in 64 bits, so that none can wrap around to a possible one.</summary>
    /// <exception cref="ShapeException">They are not possible.</exception>
    internal static Shape Of(params ReadOnlySpan<long> extents)
    {
        Span<int> narrow = extents.Length <= MaxRank ? stackalloc int[MaxRank] : new int[extents.Length];
        for (int axis = 0; axis < extents.Length; axis++)
        {
            if (extents[axis] != (int)extents[axis])
                throw new ShapeException($"Axis {axis} of shape [{string.Join(", ", extents.ToArray())}] is out of range: an extent is at most 2^31 − 1.");
            narrow[axis] = (int)extents[axis];
        }

        return new Shape(narrow[..extents.Length]);
    }

    /// <summary>Number of axes; 0 for a scalar.</summary>
    public int Rank { get; }

    /// <summary>Number of elements; 1 for a scalar.</summary>
    public int Count => Rank == 0 ? 1 : _count;

    /// <summary>Extent of the first axis; 1 where the rank is below 2.</summary>
    public int Batch => Rank < 2 ? 1 : _axes[0];

    /// <summary>Extent of the second axis; of the only one where there is one.</summary>
    public int Channels => Rank switch { 0 => 1, 1 => _axes[0], _ => _axes[1] };

    /// <summary>Product of the axes between channels and width; 1 where the rank is below 4.</summary>
    public int Height => Product(2, Rank - 1);

    /// <summary>Extent of the last axis behind the channels; 1 where there is none.</summary>
    public int Width => Rank < 3 ? 1 : _axes[Rank - 1];

    /// <summary>Elements of one channel of one batch item: <c>Height · Width</c>.</summary>
    public int Area => Height * Width;

    /// <summary>Extent along one axis.</summary>
    /// <param name="axis">From 0, the slowest, to <see cref="Rank"/> − 1.</param>
    public int this[int axis]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)axis, (uint)Rank, nameof(axis));
            return _axes[axis];
        }
    }

    /// <summary>Product of the extents from <paramref name="first"/> up to, not including, <paramref name="end"/>; 1 for an empty range.</summary>
    /// <param name="first">First axis, at least 0.</param>
    /// <param name="end">Axis after the last one.</param>
    public int Product(int first, int end)
    {
        int product = 1;
        for (int axis = first; axis < end; axis++)
            product *= _axes[axis];
        return product;
    }

    /// <summary>The extents as a new array.</summary>
    public int[] ToArray()
    {
        int[] extents = new int[Rank];
        for (int axis = 0; axis < Rank; axis++)
            extents[axis] = _axes[axis];
        return extents;
    }

    /// <summary>The coordinates of an element, slowest axis first.</summary>
    /// <param name="index">Its number in row-major order.</param>
    internal int[] CoordinatesOf(int index)
    {
        int[] at = new int[Rank];
        for (int axis = Rank - 1; axis >= 0; axis--)
            (index, at[axis]) = Math.DivRem(index, _axes[axis]);
        return at;
    }

    /// <summary>This shape with another extent along one axis.</summary>
    /// <param name="axis">From 0 to <see cref="Rank"/> − 1.</param>
    /// <param name="extent">The new extent, at least 0.</param>
    /// <exception cref="ShapeException">The extent is not possible.</exception>
    public Shape With(int axis, int extent) => With(axis, (long)extent);

    /// <summary>This shape with another extent, computed in 64 bits, along one axis.</summary>
    internal Shape With(int axis, long extent)
    {
        long[] extents = Array.ConvertAll(ToArray(), each => (long)each);
        extents[axis] = extent;
        return Of(extents);
    }

    /// <inheritdoc/>
    public bool Equals(Shape other)
    {
        if (Rank != other.Rank)
            return false;
        for (int axis = 0; axis < Rank; axis++)
        {
            if (_axes[axis] != other._axes[axis])
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        for (int axis = 0; axis < Rank; axis++)
            hash.Add(_axes[axis]);
        return hash.ToHashCode();
    }

    /// <summary>Whether rank and every extent are equal.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether rank or any extent differs.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder("[");
        for (int axis = 0; axis < Rank; axis++)
            text.Append(axis == 0 ? "" : ", ").Append(_axes[axis]);
        return text.Append(']').ToString();
    }

    [InlineArray(MaxRank)]
    private struct Axes
    {
        private int _first;
    }
}
