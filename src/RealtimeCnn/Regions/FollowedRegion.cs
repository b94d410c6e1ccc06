using System.Numerics;

namespace RealtimeCnn.Regions;

/// <summary>A thing in a picture that a second network looked at. All places are in pixels of the picture as a viewer sees it.</summary>
/// <param name="Id">Its number, which it keeps from picture to picture; no other thing of the same follower ever has it.</param>
/// <param name="Region">Where it is, smoothed: made of its landmarks, or of its detection where the network gives none.</param>
/// <param name="Seen">What the network looked at: made of the picture before, or of a detection in this one.</param>
/// <param name="Score">Probability that it is there, or of its class; in [0, 1].</param>
/// <param name="Class">The class that most pictures gave it, by the second network where that is a classifier, else by the detector; <see cref="Tracking.LabelVote.None"/> where none is likely.</param>
/// <param name="RightHand">Probability that it is a right hand; NaN where the network does not say.</param>
/// <param name="Begun">When it was first seen, in the time of the pictures.</param>
/// <param name="Age">How long it has been followed.</param>
public readonly record struct FollowedRegion(long Id, RegionOfInterest Region, RegionOfInterest Seen, float Score, int Class, float RightHand, TimeSpan Begun, TimeSpan Age);

/// <summary>
/// The things in a picture that a second network looked at, oldest first, each with the same number of landmarks. Reused from picture to
/// picture; allocates nothing.
/// </summary>
public sealed class FollowedRegions
{
    private readonly FollowedRegion[] _regions;
    private readonly Vector3[] _points;

    /// <param name="most">Most things.</param>
    /// <param name="landmarks">Landmarks of each.</param>
    internal FollowedRegions(int most, int landmarks) => (_regions, _points, Landmarks) = (new FollowedRegion[most], new Vector3[most * landmarks], landmarks);

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Landmarks of each; 0 where the second network is a classifier.</summary>
    public int Landmarks { get; }

    /// <summary>One of them.</summary>
    public FollowedRegion this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return _regions[index];
        }
    }

    /// <summary>The landmarks of one, smoothed, in pixels of the picture as a viewer sees it; their depths in such pixels too, unsmoothed.</summary>
    /// <param name="index">Which thing.</param>
    public ReadOnlySpan<Vector3> LandmarksOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        return PointsOf(index);
    }

    /// <summary>The things in order; in a <c>foreach</c> it allocates nothing.</summary>
    public ReadOnlySpan<FollowedRegion>.Enumerator GetEnumerator() => ((ReadOnlySpan<FollowedRegion>)_regions.AsSpan(0, Count)).GetEnumerator();

    internal void Clear() => Count = 0;

    /// <summary>Adds one, whose landmarks are to be written.</summary>
    internal Span<Vector3> Add(in FollowedRegion region)
    {
        _regions[Count++] = region;
        return PointsOf(Count - 1);
    }

    /// <summary>Becomes a copy of others of the same follower.</summary>
    internal void CopyFrom(FollowedRegions other)
    {
        Count = other.Count;
        other._regions.AsSpan(0, Count).CopyTo(_regions);
        other._points.AsSpan(0, Count * Landmarks).CopyTo(_points);
    }

    private Span<Vector3> PointsOf(int index) => _points.AsSpan(index * Landmarks, Landmarks);
}
