namespace RealtimeCnn.Training.Data.Scenes;

/// <summary>Marks that are not to be found: printed letters, letters of straight and bent strokes, and shapes. What looks like a digit (I, O, l, o) is not among them.</summary>
internal static class SceneClutter
{
    private const int RoundCorners = 24;
    private const string Letters = "AAABCCDEEEFFGHHJKKLMMNNPPQRRTTUVVWWXXYYZSaabcdeeffhhijkkmmnnpprrstttuuvvwwxxyyz&@#?!+=<>%$*";

    /// <summary>Strokes of letters in a square of 4 by 4, ends as pairs of digits: <c>0400</c> goes from (0, 4) to (0, 0).</summary>
    private static readonly string[] Strokes =
    [
        "0420 2044 1232", "4030 3010 1001 0103 0314 1434 3444", "0004 0020 2041 4143 4324 2404", "4000 0004 0444 0232", "4000 0004 0232", "0004 4044 0242",
        "4044 4403", "0400 4002 0244", "0004 0444", "0400 0024 2440 4044", "0400 0044 4440", "0400 0030 3041 4132 3202", "0400 0030 3041 4132 3202 2244", "0040 2024",
        "0003 0314 1434 3443 4340", "0024 2440", "0014 1421 2134 3440", "0044 4004", "0022 2240 2224", "0040 4004 0444", "4030 3010 1001 0103 0314 1434 3443 4342 4222",
    ];

    /// <summary>A mark of chance.</summary>
    /// <param name="halfHeight">How far it reaches up and down, in pixels.</param>
    /// <param name="random">Chance.</param>
    public static SceneMark Draw(float halfHeight, ref SampleRandom random)
    {
        double kind = random.Next();
        if (kind < 0.4)
            return new SceneMark.Printed(Letters[random.Next(Letters.Length)]) { HalfHeight = halfHeight, HalfWidth = halfHeight };
        float[] strokes = kind < 0.65 ? Letter(ref random) : Shape(ref random);
        float halfWidth = halfHeight * (kind < 0.65 ? 0.5f + (0.4f * (float)random.Next()) : MathF.Exp((float)random.NextSigned() * 0.8f));
        // A round outline is a zero.
        bool isFilled = kind >= 0.65 && (random.Next() < 0.4 || strokes.Length == 4 * RoundCorners);
        return new SceneMark.Drawn { Strokes = strokes, HalfHeight = halfHeight, HalfWidth = halfWidth, IsFilled = isFilled, Pen = Math.Max(0.35f, halfHeight * (0.05f + (0.12f * (float)random.Next()))) };
    }

    private static float[] Letter(ref SampleRandom random)
    {
        string text = Strokes[random.Next(Strokes.Length)].Replace(" ", string.Empty, StringComparison.Ordinal);
        // The same corner moves to the same place in each stroke.
        float[] places = new float[50];
        foreach (ref float place in places.AsSpan())
            place = (float)random.NextSigned() * 0.15f;
        float[] strokes = new float[text.Length];
        for (int i = 0; i < text.Length; i += 2)
        {
            int x = text[i] - '0', y = text[i + 1] - '0', corner = 2 * ((y * 5) + x);
            (strokes[i], strokes[i + 1]) = ((x / 2f) - 1 + places[corner], (y / 2f) - 1 + places[corner + 1]);
        }

        return strokes;
    }

    /// <summary>A polygon, a star, a round one, an arrow or a few lines.</summary>
    private static float[] Shape(ref SampleRandom random)
    {
        int kind = random.Next(6), corners = kind switch { 0 => 3, 1 => 4, 2 => 5 + random.Next(3), 3 => 10, 4 => RoundCorners, _ => 3 + random.Next(5) };
        double start = random.Next() * 2 * Math.PI, inner = kind == 3 ? 0.35 + (random.Next() * 0.25) : 1;
        var points = new (float X, float Y)[corners];
        for (int i = 0; i < corners; i++)
        {
            double angle = start + (i * 2 * Math.PI / corners), radius = (i % 2 == 1 ? inner : 1) * (kind is 0 or 1 ? 0.7 + (0.3 * random.Next()) : 1);
            points[i] = kind == 5
                ? ((float)random.NextSigned(), (float)random.NextSigned())
                : ((float)(radius * Math.Cos(angle)), (float)(radius * Math.Sin(angle)));
        }

        // Lines stay open; everything else is closed.
        int count = kind == 5 ? corners - 1 : corners;
        float[] strokes = new float[4 * count];
        for (int i = 0; i < count; i++)
        {
            var (from, to) = (points[i], points[(i + 1) % corners]);
            (strokes[4 * i], strokes[(4 * i) + 1], strokes[(4 * i) + 2], strokes[(4 * i) + 3]) = (from.X, from.Y, to.X, to.Y);
        }

        return strokes;
    }
}
