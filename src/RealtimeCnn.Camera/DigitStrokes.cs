using System.Numerics;

namespace RealtimeCnn.Camera;

/// <summary>How digits are written by hand: strokes in the unit square, y downwards, each a line through its points.</summary>
public static class DigitStrokes
{
    private const int PointsPerCurve = 8;

    private static readonly IReadOnlyList<IReadOnlyList<Vector2>>[] Digits =
    [
        [Curve((0.55f, 0.05f), (0.30f, 0.17f), (0.20f, 0.50f), (0.30f, 0.84f), (0.52f, 0.95f), (0.74f, 0.80f), (0.80f, 0.48f), (0.71f, 0.16f), (0.55f, 0.05f))],
        [Curve((0.56f, 0.04f), (0.53f, 0.35f), (0.49f, 0.65f), (0.45f, 0.96f))],
        [[.. Curve((0.22f, 0.27f), (0.36f, 0.09f), (0.60f, 0.07f), (0.75f, 0.27f), (0.62f, 0.52f), (0.38f, 0.76f), (0.18f, 0.92f)), new(0.82f, 0.91f)]],
        [Curve((0.24f, 0.15f), (0.50f, 0.05f), (0.72f, 0.20f), (0.63f, 0.40f), (0.42f, 0.48f)), Curve((0.42f, 0.48f), (0.68f, 0.54f), (0.77f, 0.75f), (0.55f, 0.94f), (0.22f, 0.86f))],
        [[new(0.31f, 0.06f), new(0.19f, 0.55f), new(0.82f, 0.52f)], [new(0.68f, 0.10f), new(0.60f, 0.96f)]],
        [[new(0.78f, 0.07f), new(0.34f, 0.08f), .. Curve((0.29f, 0.46f), (0.55f, 0.41f), (0.76f, 0.60f), (0.66f, 0.86f), (0.42f, 0.95f), (0.19f, 0.86f))]],
        [Curve((0.64f, 0.04f), (0.39f, 0.28f), (0.25f, 0.65f), (0.40f, 0.93f), (0.66f, 0.88f), (0.73f, 0.67f), (0.56f, 0.54f), (0.33f, 0.64f), (0.27f, 0.74f))],
        [[new(0.19f, 0.10f), new(0.79f, 0.08f), new(0.44f, 0.96f)]],
        [Curve((0.68f, 0.20f), (0.50f, 0.06f), (0.30f, 0.20f), (0.48f, 0.46f), (0.73f, 0.72f), (0.50f, 0.95f), (0.27f, 0.74f), (0.50f, 0.48f), (0.68f, 0.20f))],
        [[.. Curve((0.71f, 0.26f), (0.50f, 0.06f), (0.28f, 0.24f), (0.41f, 0.47f), (0.64f, 0.40f), (0.71f, 0.26f)), .. Curve((0.71f, 0.26f), (0.67f, 0.60f), (0.60f, 0.96f))]],
    ];

    /// <summary>The strokes of a digit, in the order in which they are written.</summary>
    /// <param name="digit">From 0 to 9.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is no digit.</exception>
    public static IReadOnlyList<IReadOnlyList<Vector2>> Of(int digit) => digit is >= 0 and <= 9 ? Digits[digit]
        : throw new ArgumentOutOfRangeException(nameof(digit), digit, "A digit is from 0 to 9.");

    /// <summary>A smooth line through points.</summary>
    /// <remarks>Source: Catmull and Rom 1974, "A Class of Local Interpolating Splines".</remarks>
    private static Vector2[] Curve(params (float X, float Y)[] through)
    {
        Vector2[] points = [.. through.Select(point => new Vector2(point.X, point.Y))];
        Vector2 At(int i) => points[Math.Clamp(i, 0, points.Length - 1)];
        return
        [
            .. Enumerable.Range(0, (points.Length - 1) * PointsPerCurve).Select(step =>
            {
                int i = step / PointsPerCurve;
                float t = (float)(step % PointsPerCurve) / PointsPerCurve;
                return 0.5f * ((2 * At(i)) + (t * (At(i + 1) - At(i - 1))) + (t * t * ((2 * At(i - 1)) - (5 * At(i)) + (4 * At(i + 1)) - At(i + 2)))
                    + (t * t * t * (At(i + 2) - At(i - 1) + (3 * (At(i) - At(i + 1))))));
            }),
            points[^1],
        ];
    }
}
