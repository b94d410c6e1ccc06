using System.Numerics;
using RealtimeCnn.Heads;

namespace RealtimeCnn.Regions;

/// <summary>How the sides of a <see cref="RegionOfInterest"/> follow from those of a box.</summary>
public enum RegionSides
{
    /// <summary>Both are those of the box.</summary>
    OfBox,

    /// <summary>Both are the longer one of the box.</summary>
    Longer,

    /// <summary>Both are the shorter one of the box.</summary>
    Shorter,
}

/// <summary>
/// How a region is made of what was found: a box, turned so that the line from some of its points to others points where it should,
/// shifted along its own axes, made square, and scaled. In that order.
/// </summary>
/// <remarks>
/// Source: MediaPipe, detections_to_rects_calculator.cc (<c>rotation = target − atan2(−Δy, Δx)</c>), hand_landmarks_to_rect_calculator.cc and
/// rect_transformation_calculator.cc; the numbers are those of its graphs, named at each rule. Points are numbered from 0.
/// </remarks>
public sealed record RegionRule
{
    /// <summary>Points whose mean is where the line begins; none for a region that is not turned.</summary>
    public IReadOnlyList<int> From { get; init; } = [];

    /// <summary>Points whose mean is where the line ends; one that is named twice counts twice. None for a region that is not turned.</summary>
    public IReadOnlyList<int> To { get; init; } = [];

    /// <summary>Where the line points to in the region, in degrees anticlockwise from its right: 0 for eyes beside each other, 90 for fingers above a wrist.</summary>
    public float TargetDegrees { get; init; }

    /// <summary>How far the region is turned besides, clockwise, in degrees: for what lies askew or a camera that does, where no points tell.</summary>
    public float TurnDegrees { get; init; }

    /// <summary>Points around which the box lies where a region is made of points alone; none for all.</summary>
    public IReadOnlyList<int> Around { get; init; } = [];

    /// <summary>Whether that box is turned as the region is, rather than upright.</summary>
    public bool IsBoxTurned { get; init; }

    /// <summary>How far the middle moves to the region's right, in widths of the box.</summary>
    public float ShiftX { get; init; }

    /// <summary>How far the middle moves to the region's lower edge, in heights of the box.</summary>
    public float ShiftY { get; init; }

    /// <summary>Its sides before they are scaled.</summary>
    public RegionSides Sides { get; init; } = RegionSides.Longer;

    /// <summary>What the sides are multiplied by, above 0.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>A box with a quarter of its sides around it, upright and square: for things of which nothing else is known.</summary>
    public static RegionRule Box { get; } = new() { Scale = 1.5f };

    /// <summary>A face of a detector whose first points are the eyes, left in the picture first (BlazeFace, YuNet): face_detection_front_detection_to_roi.pbtxt.</summary>
    public static RegionRule Face { get; } = new() { From = [0], To = [1], Scale = 1.5f };

    /// <summary>A hand of a detector of palms, whose points 0 and 2 are the wrist and the root of the middle finger: palm_detection_detection_to_roi.pbtxt.</summary>
    public static RegionRule Palm { get; } = new() { From = [0], To = [2], TargetDegrees = 90, ShiftY = -0.5f, Scale = 2.6f };

    /// <summary>A face of its 468 landmarks, eyes at 33 and 263: face_landmark_landmarks_to_roi.pbtxt.</summary>
    public static RegionRule FaceLandmarks { get; } = new() { From = [33], To = [263], Scale = 1.5f };

    /// <summary>A hand of its 21 landmarks: around palm and roots of the fingers, from the wrist to the mean of three of them: hand_landmark_landmarks_to_roi.pbtxt.</summary>
    public static RegionRule HandLandmarks { get; } = new()
    {
        From = [0], To = [5, 9, 9, 13], TargetDegrees = 90, Around = [0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18], IsBoxTurned = true, ShiftY = -0.1f, Scale = 2,
    };

    /// <summary>The region of a box with points.</summary>
    /// <param name="box">What was found.</param>
    /// <param name="points">Its landmarks, in the units of the box.</param>
    /// <param name="region">The region, in the same units.</param>
    /// <returns>False where it would be no rectangle: something is infinite, not a number or empty, or the two ends of the line are one place.</returns>
    /// <exception cref="ArgumentException">The rule names a point that is not there.</exception>
    public bool TryMake(Detection box, ReadOnlySpan<Vector2> points, out RegionOfInterest region)
    {
        region = default;
        return TryTurn(points, out float angle) && TryFinish(new Vector2(box.Left + box.Right, box.Top + box.Bottom) / 2, new Vector2(box.Right - box.Left, box.Bottom - box.Top), angle, out region);
    }

    /// <summary>The region of points alone.</summary>
    /// <param name="points">Landmarks, at least one.</param>
    /// <param name="region">The region, in the same units.</param>
    /// <returns>False where it would be no rectangle: something is infinite or not a number, or all points are one place.</returns>
    /// <exception cref="ArgumentException">The rule names a point that is not there.</exception>
    public bool TryMake(ReadOnlySpan<Vector2> points, out RegionOfInterest region)
    {
        region = default;
        if (!TryTurn(points, out float angle))
            return false;
        var across = IsBoxTurned ? new Vector2(MathF.Cos(angle), MathF.Sin(angle)) : Vector2.UnitX;
        var down = new Vector2(-across.Y, across.X);
        Vector2 least = new(float.PositiveInfinity), most = new(float.NegativeInfinity);
        int count = Around.Count == 0 ? points.Length : Around.Count;
        for (int i = 0; i < count; i++)
        {
            var point = Around.Count == 0 ? points[i] : At(points, Around[i]);
            var own = new Vector2(Vector2.Dot(point, across), Vector2.Dot(point, down));
            // A NaN would be lost in a minimum.
            if (!float.IsFinite(own.X) || !float.IsFinite(own.Y))
                return false;
            (least, most) = (Vector2.Min(least, own), Vector2.Max(most, own));
        }

        var middle = (least + most) / 2;
        return TryFinish((across * middle.X) + (down * middle.Y), most - least, angle, out region);
    }

    /// <summary>Throws unless the numbers are possible for things of so many points.</summary>
    /// <exception cref="ArgumentException">They are not; the message names the number and what is possible.</exception>
    internal void Verify(int points, string what)
    {
        if (!(Scale > 0) || !float.IsFinite(Scale) || !float.IsFinite(ShiftX) || !float.IsFinite(ShiftY) || !float.IsFinite(TargetDegrees) || !float.IsFinite(TurnDegrees))
            throw new ArgumentException($"{what}: a region is scaled by a finite number above 0, and shifted and turned by finite ones; these are {Scale}, ({ShiftX}, {ShiftY}), {TargetDegrees} and {TurnDegrees}.");
        if ((From.Count == 0) != (To.Count == 0))
            throw new ArgumentException($"{what}: a line that a region is turned by has two ends; give {nameof(From)} and {nameof(To)}, or neither.");
        foreach (int index in From.Concat(To).Concat(Around))
        {
            if ((uint)index >= (uint)points)
                throw new ArgumentException($"{what}: the rule names point {index}; there are {points}, numbered from 0.");
        }
    }

    private bool TryTurn(ReadOnlySpan<Vector2> points, out float angle)
    {
        angle = Normalized(TurnDegrees * (MathF.PI / 180));
        if (From.Count == 0 || To.Count == 0)
            return true;
        var line = Mean(points, To) - Mean(points, From);
        if (!(line.LengthSquared() > 0) || !float.IsFinite(line.LengthSquared()))
            return false;
        angle = Normalized(((TargetDegrees + TurnDegrees) * (MathF.PI / 180)) - MathF.Atan2(-line.Y, line.X));
        return true;
    }

    private bool TryFinish(Vector2 middle, Vector2 sides, float angle, out RegionOfInterest region)
    {
        var (sin, cos) = MathF.SinCos(angle);
        var shift = sides * new Vector2(ShiftX, ShiftY);
        middle += new Vector2((shift.X * cos) - (shift.Y * sin), (shift.X * sin) + (shift.Y * cos));
        sides = Sides switch
        {
            RegionSides.Longer => new Vector2(Math.Max(sides.X, sides.Y)),
            RegionSides.Shorter => new Vector2(Math.Min(sides.X, sides.Y)),
            _ => sides,
        };
        region = new RegionOfInterest(middle.X, middle.Y, sides.X * Scale, sides.Y * Scale, angle);
        return region.IsPossible;
    }

    private static Vector2 Mean(ReadOnlySpan<Vector2> points, IReadOnlyList<int> indices)
    {
        var sum = Vector2.Zero;
        for (int i = 0; i < indices.Count; i++)
            sum += At(points, indices[i]);
        return sum / indices.Count;
    }

    private static Vector2 At(ReadOnlySpan<Vector2> points, int index) => (uint)index < (uint)points.Length ? points[index]
        : throw new ArgumentException($"The rule names point {index}; there are {points.Length}, numbered from 0.", nameof(points));

    /// <summary>The same direction in [−π, π).</summary>
    private static float Normalized(float angle) => angle - (2 * MathF.PI * MathF.Floor((angle + MathF.PI) / (2 * MathF.PI)));
}
