using RealtimeCnn.Heads;
using RealtimeCnn.Tracking;

namespace RealtimeCnn.Regions;

/// <summary>How regions are made of what a detector found, and followed from picture to picture.</summary>
public sealed record RegionOptions
{
    /// <summary>Most regions in a picture, from 1 to 64: each costs a run of the second network.</summary>
    public int MaximumRegions { get; init; } = 2;

    /// <summary>How a detection becomes a region; null for what is published for the detector's family: <see cref="RegionRule.Palm"/>, <see cref="RegionRule.Face"/>, else <see cref="RegionRule.Box"/>.</summary>
    public RegionRule? Detected { get; init; }

    /// <summary>
    /// How the landmarks of a picture become the region of the next; null for what is published for 21 points
    /// (<see cref="RegionRule.HandLandmarks"/>) and 468 (<see cref="RegionRule.FaceLandmarks"/>), else <see cref="RegionRule.Box"/> around all of them. Of one
    /// point or none, as classifiers give, no region follows: the detector then looks at each picture.
    /// </summary>
    public RegionRule? Followed { get; init; }

    /// <summary>
    /// How often the detector looks for more things while some are followed, but fewer than <see cref="MaximumRegions"/>, in the time of the
    /// pictures; 0 for each picture. While nothing is followed it looks at each, while all are it sleeps.
    /// </summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Intersection over union, in (0, 1], from which on two regions are the same thing: a detection of one that is followed is passed over.</summary>
    public float Alike { get; init; } = 0.5f;

    /// <summary>
    /// How things get their numbers and how regions and landmarks are smoothed. A second network confirms what a detector finds, so that a
    /// thing counts at once; its landmarks are counted by the follower.
    /// </summary>
    public BoxTrackerOptions Tracking { get; init; } = new() { ConfirmAfter = 1 };

    /// <summary>How a detection becomes a region.</summary>
    internal RegionRule DetectedBy(DetectionHead head, int landmarks) => Detected ?? head switch
    {
        BlazeHead { Thing: BlazeHead.Palm } when landmarks > 2 => RegionRule.Palm,
        BlazeHead or YuNetHead when landmarks > 1 => RegionRule.Face,
        _ => RegionRule.Box,
    };

    /// <summary>How so many landmarks become a region; null where none follows from them.</summary>
    internal RegionRule? FollowedBy(int landmarks) => landmarks == 0 ? null : Followed ?? landmarks switch
    {
        1 => null,
        21 => RegionRule.HandLandmarks,
        468 => RegionRule.FaceLandmarks,
        _ => RegionRule.Box,
    };

    /// <exception cref="ArgumentException">A number is out of its range; the message names it.</exception>
    internal void Verify()
    {
        if (MaximumRegions is < 1 or > 64)
            throw new ArgumentOutOfRangeException(nameof(MaximumRegions), MaximumRegions, $"{nameof(RegionOptions)}.{nameof(MaximumRegions)} is from 1 to 64.");
        if (LookEvery < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(LookEvery), LookEvery, $"{nameof(RegionOptions)}.{nameof(LookEvery)} is a time of at least 0.");
        if (Alike is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(Alike), Alike, $"{nameof(RegionOptions)}.{nameof(Alike)} is above 0 and at most 1.");
        Tracking.Verify();
    }
}
