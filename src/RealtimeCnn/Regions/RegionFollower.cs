using System.Numerics;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Tracking;

namespace RealtimeCnn.Regions;

/// <summary>
/// Which regions of a picture a second network looks at, and what becomes of its answers: the regions of what was there in the picture
/// before, made of its landmarks, and while there is room for more those of what a detector finds, which sleeps else. A thing whose score
/// falls below its threshold, or whose landmarks are nowhere, is followed no more. Knows no network, no pixels and no clock.
/// </summary>
/// <remarks>
/// For each picture: <see cref="TryBegin"/>; where <see cref="WantsDetector"/>, <see cref="Detect"/>; for each of <see cref="Count"/> regions
/// <see cref="RegionOf"/> and one of <see cref="Answer(int, LandmarkReader)"/> and <see cref="Answer(int, ClassScore)"/>; <see cref="End"/>. Allocates nothing. Source:
/// MediaPipe's hand_landmark_tracking graph (regions of the loop before first, new ones that are like none of them behind: association_norm_rect_calculator.cc).
/// </remarks>
internal sealed class RegionFollower
{
    /// <summary>Places that are smoothed together with a thing's landmarks: its region's middle, and the middles of its right and lower edges.</summary>
    private const int RegionPoints = 3;

    private readonly RegionOptions _options;
    private readonly Preprocessing _preprocessing;
    private readonly RegionRule _detected;
    private readonly RegionRule? _followed;
    private readonly BoxTracker _tracker;
    private readonly Detections _boxes;
    private readonly Thing[] _things;
    private readonly Vector2[] _points;
    private readonly int _landmarks;
    private PictureMapping _picture;
    private TimeSpan? _time, _looked;
    private int _count;

    /// <param name="options">How regions are made and followed.</param>
    /// <param name="preprocessing">Of the second network.</param>
    /// <param name="detected">How a detection becomes a region.</param>
    /// <param name="followed">How landmarks become one; null for a network that gives none, whose regions are always of the detector.</param>
    /// <param name="landmarks">Landmarks of each thing.</param>
    public RegionFollower(RegionOptions options, Preprocessing preprocessing, RegionRule detected, RegionRule? followed, int landmarks)
    {
        (_options, _preprocessing, _detected, _followed, _landmarks) = (options, preprocessing, detected, followed, landmarks);
        int most = options.MaximumRegions;
        _tracker = new BoxTracker(options.Tracking with { Landmarks = RegionPoints + landmarks, MostTracks = Math.Max(options.Tracking.MostTracks, most) });
        _boxes = new Detections(RegionPoints + landmarks);
        _boxes.Reserve(most);
        _things = new Thing[most];
        for (int i = 0; i < most; i++)
            _things[i] = new Thing(landmarks);
        _points = new Vector2[RegionPoints + landmarks];
        Found = new FollowedRegions(most, landmarks);
    }

    /// <summary>The things of the newest picture that was ended.</summary>
    public FollowedRegions Found { get; }

    /// <summary>Regions to look at in this picture.</summary>
    public int Count => _count;

    /// <summary>Whether the detector has to look at this picture.</summary>
    public bool WantsDetector => _followed == null || _count == 0 || (_count < _things.Length && (_looked is not { } looked || _time - looked >= _options.LookEvery));

    /// <summary>Begins with a picture; what was followed is where it was in the picture before.</summary>
    /// <param name="time">When it was taken.</param>
    /// <param name="picture">Its size and geometry.</param>
    /// <returns>False for a picture that is no later than the newest: what was <see cref="Found"/> holds.</returns>
    public bool TryBegin(TimeSpan time, in PictureMapping picture)
    {
        bool isOther = picture.Stored != _picture.Stored || picture.Geometry != _picture.Geometry;
        bool isNewScene = isOther || _time is not { } before || (time - before).Duration() > _options.Tracking.LongestGap;
        if (!isNewScene && time <= _time)
            return false;
        if (isOther)
            _tracker.Reset();
        if (isNewScene || _followed == null)
            (_count, _looked) = (0, null);
        (_time, _picture) = (time, picture);
        return true;
    }

    /// <summary>Takes what the detector found in this picture, in pixels of its input.</summary>
    public void Detect(Detections found, in PictureMapping mapping)
    {
        _looked = _time;
        Span<Vector2> points = stackalloc Vector2[found.Landmarks];
        for (int i = 0; i < found.Count && _count < _things.Length; i++)
        {
            var landmarks = found.LandmarksOf(i);
            for (int k = 0; k < points.Length; k++)
                points[k] = Upright(mapping, landmarks[k].X, landmarks[k].Y);
            var box = found[i];
            Vector2 first = Upright(mapping, box.Left, box.Top), second = Upright(mapping, box.Right, box.Bottom);
            box = box with { Left = first.X, Top = first.Y, Right = second.X, Bottom = second.Y };
            if (_detected.TryMake(box, points, out var region) && IsSampled(region) && !IsFollowed(region))
                _things[_count++].Begin(region, box);
        }

        static Vector2 Upright(in PictureMapping mapping, float x, float y)
        {
            var upright = mapping.ToUpright(new PicturePoint(x, y));
            return new Vector2((float)upright.X, (float)upright.Y);
        }
    }

    /// <summary>A region to look at.</summary>
    public RegionOfInterest RegionOf(int index) => _things[index].Seen;

    /// <summary>Takes what a network of landmarks says about a region.</summary>
    public void Answer(int index, LandmarkReader answer)
    {
        var thing = _things[index];
        thing.IsThere = answer.IsFound;
        if (!thing.IsThere)
            return;
        (thing.Score, thing.RightHand) = (Math.Min(answer.Presence, 1), answer.RightHand);
        var fitted = thing.Seen.FittedTo(_preprocessing.Size, _preprocessing.Fit);
        float depth = fitted.Width / _preprocessing.Size.Width;
        for (int i = 0; i < _landmarks; i++)
        {
            var point = answer.Points[i];
            var place = fitted.ToPicture(new Vector2(point.X / _preprocessing.Size.Width, point.Y / _preprocessing.Size.Height));
            thing.Points[i] = new Vector3(place, point.Z * depth);
            _points[i] = place;
        }

        thing.IsThere = _followed!.TryMake(_points.AsSpan(0, _landmarks), out thing.Next) && IsSampled(thing.Next);
    }

    /// <summary>Takes what a classifier says about a region.</summary>
    public void Answer(int index, ClassScore answer)
    {
        var thing = _things[index];
        thing.IsThere = float.IsFinite(answer.Probability);
        (thing.Score, thing.Class, thing.Next) = (Math.Clamp(answer.Probability, 0, 1), answer.Class, thing.Seen);
    }

    /// <summary>Ends the picture: what is not there is followed no more, of two that are alike the surer one goes on, and the others are <see cref="Found"/>.</summary>
    public void End()
    {
        for (int i = 0; i < _count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (_things[i].IsThere && _things[j].IsThere && _things[i].Next.Bounds.Overlap(_things[j].Next.Bounds) > _options.Alike)
                    (_things[i].Score > _things[j].Score ? _things[j] : _things[i]).IsThere = false;
            }
        }

        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_things[i].IsThere)
                (_things[kept++], _things[i]) = (_things[i], _things[kept - 1]);
        }

        _count = kept;
        Track();
        for (int i = 0; i < _count; i++)
            _things[i].Seen = _things[i].Next;
    }

    private bool IsSampled(in RegionOfInterest region) => RegionSampling.IsPossible(_picture.Stored, region, _preprocessing);

    private bool IsFollowed(in RegionOfInterest region)
    {
        var bounds = region.Bounds;
        for (int i = 0; i < _count; i++)
        {
            if (_things[i].Seen.Bounds.Overlap(bounds) > _options.Alike)
                return true;
        }

        return false;
    }

    /// <summary>Numbers and smooths what is there.</summary>
    private void Track()
    {
        _boxes.Begin(RegionPoints + _landmarks);
        for (int i = 0; i < _count; i++)
        {
            var thing = _things[i];
            var region = thing.Next;
            (_points[0], _points[1], _points[2]) = (region.Centre, region.Centre + region.HalfAcross, region.Centre + region.HalfDown);
            for (int k = 0; k < _landmarks; k++)
                _points[RegionPoints + k] = new Vector2(thing.Points[k].X, thing.Points[k].Y);
            // A square, whose overlaps do not change as a thing turns.
            float half = MathF.Sqrt(region.Width * region.Height) / 2;
            _boxes.Add(new Detection(region.CentreX - half, region.CentreY - half, region.CentreX + half, region.CentreY + half, thing.Class, thing.Score), _points);
        }

        _tracker.Update(_time!.Value, _boxes);
        Found.Clear();
        var tracks = _tracker.Tracks;
        for (int i = 0; i < tracks.Count; i++)
        {
            var track = tracks[i];
            if (track.Detection < 0)
                continue;
            var thing = _things[track.Detection];
            var smooth = track.Landmarks.Span;
            var places = Found.Add(new FollowedRegion(track.Id, RegionOfInterest.Of(smooth[0], smooth[1], smooth[2]), thing.Seen, thing.Score, track.Box.Class, thing.RightHand, track.Begun, track.Age));
            for (int k = 0; k < places.Length; k++)
                places[k] = new Vector3(smooth[RegionPoints + k], thing.Points[k].Z);
        }
    }

    /// <summary>What is known of a thing in one picture.</summary>
    private sealed class Thing(int landmarks)
    {
        public RegionOfInterest Seen, Next;
        public bool IsThere;
        public float Score, RightHand;
        public int Class;

        public Vector3[] Points { get; } = new Vector3[landmarks];

        public void Begin(RegionOfInterest region, Detection box) =>
            (Seen, IsThere, Score, Class, RightHand) = (region, false, box.Score, box.Class, float.NaN);
    }
}
