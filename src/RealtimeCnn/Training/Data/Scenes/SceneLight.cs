namespace RealtimeCnn.Training.Data.Scenes;

/// <summary>What light and camera do to a scene: shading, shadows, colour of the light, contrast, blur and noise.</summary>
internal static class SceneLight
{
    private const float MidGray = 127.5f;

    /// <summary>Changes the picture in place.</summary>
    /// <param name="canvas">The picture.</param>
    /// <param name="unit">Height of the whole picture that it is a part of, in pixels.</param>
    /// <param name="random">Chance.</param>
    public static void Apply(SceneCanvas canvas, int unit, ref SampleRandom random)
    {
        Shade(canvas, ref random);
        if (random.Next() < 0.4)
            Blur(canvas, 0.4 + (0.9 * random.Next() * unit / 240));
        float noise = random.Next() < 0.6 ? (float)(random.Next() * random.Next() * 18) : 0;
        for (int c = 0; c < 3; c++)
            AddNoise(canvas.Plane(c), noise, ref random);
    }

    /// <summary>Light that falls off across the picture, the edge of a shadow, and per channel a gain and an offset.</summary>
    private static void Shade(SceneCanvas canvas, ref SampleRandom random)
    {
        double angle = random.Next() * 2 * Math.PI, slope = random.Next() * 0.35, shadowAngle = random.Next() * 2 * Math.PI, shadowAt = random.NextSigned() * 0.5, shadowEdge = 0.02 + (random.Next() * 0.2);
        float shadow = random.Next() < 0.25 ? (float)(0.2 + (0.35 * random.Next())) : 0;
        float contrast = 1 + (0.25f * (float)random.NextSigned()), brightness = 25 * (float)random.NextSigned();
        Span<float> gains = stackalloc float[3];
        foreach (ref float gain in gains)
            gain = contrast * (1 + (0.12f * (float)random.NextSigned()));
        float offset = brightness + (MidGray * (1 - contrast));
        var (sine, cosine) = Math.SinCos(angle);
        var (shadowSine, shadowCosine) = Math.SinCos(shadowAngle);
        // The brightest corner keeps its light.
        double most = 1 + (slope * (Math.Abs(cosine) + Math.Abs(sine)));
        float across = (float)(2 * slope * cosine / canvas.Width / most), down = (float)(2 * slope * sine / canvas.Height / most), middle = (float)(1 / most);
        float shadowAcross = (float)(shadowCosine / canvas.Width / shadowEdge), shadowDown = (float)(shadowSine / canvas.Height / shadowEdge), shadowStart = (float)((-0.5 * (shadowCosine + shadowSine) - shadowAt) / shadowEdge);
        Span<float> light = canvas.Width <= 2048 ? stackalloc float[canvas.Width] : new float[canvas.Width];
        for (int row = 0; row < canvas.Height; row++)
        {
            float start = middle - (across * canvas.Width / 2) + (down * (row - (canvas.Height / 2f))), shadowRow = shadowStart + (shadowDown * row);
            for (int column = 0; column < light.Length; column++)
                light[column] = (start + (across * column)) * (1 - (shadow * Math.Clamp(shadowRow + (shadowAcross * column), 0, 1)));
            for (int c = 0; c < 3; c++)
            {
                var line = canvas.Plane(c).Slice(row * canvas.Width, canvas.Width);
                float gain = gains[c];
                for (int column = 0; column < line.Length; column++)
                    line[column] = (line[column] * light[column] * gain) + offset;
            }
        }
    }

    /// <summary>A Gaussian of five taps along each axis.</summary>
    private static void Blur(SceneCanvas canvas, double deviation)
    {
        float one = (float)Math.Exp(-0.5 / (deviation * deviation)), two = (float)Math.Exp(-2 / (deviation * deviation)), sum = 1 + (2 * one) + (2 * two);
        int width = canvas.Width, height = canvas.Height;
        float[] work = new float[width + 4], rows = new float[width * height];
        for (int c = 0; c < 3; c++)
        {
            var plane = canvas.Plane(c);
            for (int row = 0; row < height; row++)
            {
                var line = plane.Slice(row * width, width);
                line.CopyTo(work.AsSpan(2));
                (work[0], work[1]) = (line[0], line[0]);
                work.AsSpan(2 + line.Length, 2).Fill(line[^1]);
                for (int i = 0; i < line.Length; i++)
                    rows[(row * width) + i] = (work[i + 2] + (one * (work[i + 1] + work[i + 3])) + (two * (work[i] + work[i + 4]))) / sum;
            }

            for (int row = 0; row < height; row++)
            {
                var line = plane.Slice(row * width, width);
                var (above2, above, here, below, below2) = (First(row - 2), First(row - 1), First(row), First(row + 1), First(row + 2));
                for (int i = 0; i < line.Length; i++)
                    line[i] = (rows[here + i] + (one * (rows[above + i] + rows[below + i])) + (two * (rows[above2 + i] + rows[below2 + i]))) / sum;
            }
        }

        int First(int row) => Math.Clamp(row, 0, height - 1) * width;
    }

    /// <summary>Adds noise that is nearly normal, the sum of four uniform bytes, and keeps pixels from 0 to 255.</summary>
    private static void AddNoise(Span<float> plane, float deviation, ref SampleRandom random)
    {
        // A sum of four bytes has this mean and deviation.
        const float Mean = 510, Deviation = 147.8f;
        float scale = deviation / Deviation;
        for (int i = 0; i < plane.Length && deviation > 0; i += 2)
        {
            ulong bits = random.NextBits();
            ulong pairs = (bits & 0x00ff00ff00ff00ff) + ((bits >> 8) & 0x00ff00ff00ff00ff), sums = (pairs & 0x0000ffff0000ffff) + ((pairs >> 16) & 0x0000ffff0000ffff);
            plane[i] += scale * ((int)(uint)sums - Mean);
            if (i + 1 < plane.Length)
                plane[i + 1] += scale * ((int)(sums >> 32) - Mean);
        }

        foreach (ref float value in plane)
            value = Math.Clamp(value, 0, 255);
    }
}
