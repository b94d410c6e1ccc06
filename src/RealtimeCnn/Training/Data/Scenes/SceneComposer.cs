using RealtimeCnn.Heads;

namespace RealtimeCnn.Training.Data.Scenes;

/// <summary>Puts a scene together: ground, sheets and boards, letters and shapes, marks by themselves or side by side, and light. Any number of threads may use it at the same time.</summary>
internal sealed class SceneComposer(PictureSet marks, PictureSet photographs, SceneOptions options)
{
    private const double LargestTurn = 30 * Math.PI / 180, LargestLean = 0.25;
    private const float LeastContrast = 55, MostDetail = 35;
    private const int MostTries = 200;

    /// <summary>Composes one.</summary>
    /// <param name="random">Everything that is left to chance.</param>
    /// <param name="pixels">Gets the picture, <c>[3, height, width]</c>, from 0 to 255.</param>
    /// <param name="boxes">Gets the boxes around what is seen of each mark.</param>
    public void Compose(SampleRandom random, Span<float> pixels, List<Detection> boxes)
    {
        var canvas = new SceneCanvas(pixels, options.Size.Height, options.Size.Width);
        SceneGround.Paint(canvas, photographs, ref random);
        var surfaces = Surfaces(canvas, ref random);
        bool isEmpty = random.Next() < options.Empty;
        double usual = Height(ref random);
        var taken = new List<Detection>();
        int numbers = isEmpty ? 0 : 2 + random.Next(6 + random.Next(12)), clutter = random.Next() < 0.7 ? random.Next(1 + random.Next(16)) : 0;
        for (int i = 0, tries = 0; i < numbers && tries < MostTries; tries++)
        {
            double height = random.Next() < 0.6 ? usual * Math.Exp(random.NextSigned() * 0.3) : Height(ref random);
            i += WriteNumber(canvas, surfaces[random.Next(surfaces.Count)], height, taken, boxes, ref random) ? 1 : 0;
        }

        for (int i = 0; i < clutter; i++)
            DrawClutter(canvas, surfaces[random.Next(surfaces.Count)], Height(ref random), taken, ref random);
        SceneLight.Apply(canvas, options.Unit, ref random);
    }

    /// <summary>A height of chance: as many from 20 to 40 pixels as from 40 to 80.</summary>
    private double Height(ref SampleRandom random) => options.Unit * options.LeastHeight * Math.Pow(options.MostHeight / options.LeastHeight, random.Next());

    /// <summary>Paints sheets and boards; the wall behind them is the first surface.</summary>
    private List<SceneSurface> Surfaces(SceneCanvas canvas, ref SampleRandom random)
    {
        double lean = 0.3 / canvas.Width;
        var surfaces = new List<SceneSurface>
        {
            new(canvas.Width / 2.0, canvas.Height / 2.0, double.PositiveInfinity, double.PositiveInfinity, random.NextSigned() * LargestTurn / 2, random.NextSigned() * lean, random.NextSigned() * lean),
        };
        int sheets = random.Next(1 + random.Next(5));
        for (int i = 0; i < sheets; i++)
        {
            double halfWidth = canvas.Width * (0.1 + (0.4 * random.Next())), halfHeight = canvas.Height * (0.12 + (0.4 * random.Next()));
            var sheet = new SceneSurface(
                random.Next() * canvas.Width, random.Next() * canvas.Height, halfWidth, halfHeight, random.NextSigned() * LargestTurn,
                random.NextSigned() * LargestLean / halfWidth, random.NextSigned() * LargestLean / halfHeight);
            PaintSheet(canvas, sheet, ref random);
            surfaces.Add(sheet);
        }

        return surfaces;
    }

    private void PaintSheet(SceneCanvas canvas, SceneSurface sheet, ref SampleRandom random)
    {
        var color = SceneGround.Color(ref random);
        var line = SceneGround.Color(ref random);
        double ruling = random.Next(), every = options.Unit * (0.03 + (0.12 * random.Next())), pen = Math.Max(0.4, options.Unit / 480.0);
        float slope = (float)(random.NextSigned() * 40 / sheet.HalfWidth), faint = 0.15f + (0.5f * (float)random.Next());
        canvas.Fill(sheet, (u, v) =>
        {
            bool isLine = (ruling < 0.3 && Math.Abs(Math.IEEERemainder(v, every)) < pen) || (ruling < 0.15 && Math.Abs(Math.IEEERemainder(u, every)) < pen);
            float add = slope * (float)u, share = isLine ? faint : 0;
            return (color.R + add + (share * (line.R - color.R)), color.G + add + (share * (line.G - color.G)), color.B + add + (share * (line.B - color.B)));
        });
    }

    /// <summary>One mark or several side by side, in one ink and height, as long as there is room and the ground is calm. False where there was no mark.</summary>
    private bool WriteNumber(SceneCanvas canvas, SceneSurface surface, double height, List<Detection> taken, List<Detection> boxes, ref SampleRandom random)
    {
        int count = random.Next() < 0.45 ? 1 : 2 + random.Next(4);
        double line = random.NextSigned() * (random.Next() < 0.3 ? LargestTurn / 2 : LargestTurn / 5), gap = height * (0.06 + (0.4 * random.Next() * random.Next()));
        var (u, v) = surface.FromPicture(random.Next() * canvas.Width, random.Next() * canvas.Height);
        double scale = 1 / surface.ScaleAt(u, v), slant = random.NextSigned() * 0.2, hardness = random.Next(), level = 0.35 + (0.25 * random.Next());
        (float R, float G, float B)? ink = null;
        float cover = 0.75f + (0.25f * (float)random.Next());
        for (int i = 0; i < count && boxes.Count < options.MostMarks; i++)
        {
            int index = random.Next(marks.Count);
            var mark = Written(index, height * scale * Math.Exp(random.NextSigned() * 0.08), (float)slant, hardness, (float)level);
            if (i > 0)
                (u, v) = (u + (mark.HalfWidth * Math.Cos(line)), v + (mark.HalfWidth * Math.Sin(line)));
            if (!Fits(canvas, surface, u, v, mark, taken, out var middle))
                break;
            var ground = canvas.ColorAt(middle.X, middle.Y, mark.HalfHeight, out float deviation);
            if (deviation > MostDetail || (ink is { } used && Math.Abs(Luma(used) - Luma(ground)) < LeastContrast))
                break;
            ink ??= Ink(ground, ref random);
            var box = canvas.Draw(surface, u, v, line + (random.NextSigned() * 0.08), mark, ink.Value, cover);
            if (box.Area <= 0)
                break;
            taken.Add(box);
            boxes.Add(box with { Class = marks.Labels[index] });
            double step = mark.HalfWidth + (gap * scale);
            (u, v) = (u + (step * Math.Cos(line)), v + (step * Math.Sin(line)));
        }

        return ink != null;
    }

    private static void DrawClutter(SceneCanvas canvas, SceneSurface surface, double height, List<Detection> taken, ref SampleRandom random)
    {
        var (u, v) = surface.FromPicture(random.Next() * canvas.Width, random.Next() * canvas.Height);
        var mark = SceneClutter.Draw((float)(height / surface.ScaleAt(u, v) / 2), ref random);
        double angle = random.NextSigned() * LargestTurn;
        var (x, y) = surface.ToPicture(u, v);
        var around = Around(surface, u, v, mark);
        if (taken.Exists(box => Shared(box, around) > 0))
            return;
        var ink = Ink(canvas.ColorAt(x, y, mark.HalfHeight, out _), ref random);
        if (canvas.Draw(surface, u, v, angle, mark, ink, 0.75f + (0.25f * (float)random.Next())) is { Area: > 0 } drawn)
            taken.Add(drawn);
    }

    /// <summary>A mark of the set, of a height in pixels of its surface.</summary>
    private SceneMark.Written Written(int index, double wanted, float slant, double hardness, float level)
    {
        int height = marks.SampleShape[1], width = marks.SampleShape[2];
        var bytes = marks.Pixels(index);
        int top = height, bottom = 0, left = width, right = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] > 76)
                (top, bottom, left, right) = (Math.Min(top, i / width), Math.Max(bottom, (i / width) + 1), Math.Min(left, i % width), Math.Max(right, (i % width) + 1));
        }

        (top, left) = (Math.Min(top, bottom), Math.Min(left, right));
        float step = (float)(Math.Max(1, bottom - top) / wanted);
        float[] pixels = new float[bytes.Length];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = bytes[i] / 255f;
        int shrink = 1;
        // A mark that is drawn much smaller is read from its halved picture, so that no stroke falls between the places that are read.
        for (; step / shrink > 1.4f && width / shrink >= 8; shrink *= 2)
            pixels = Halved(pixels, height / shrink, width / shrink);
        float halfHeight = (bottom - top) / step / 2, halfWidth = (right - left) / step / 2;
        return new SceneMark.Written
        {
            Pixels = pixels, Width = width / shrink, Height = height / shrink, Step = step / shrink, Middle = ((left + right) / 2f / shrink, (top + bottom) / 2f / shrink), Shear = slant,
            HalfHeight = halfHeight + (1 / step), HalfWidth = halfWidth + (1 / step) + (Math.Abs(slant) * halfHeight),
            Edge = (1 + ((float)hardness * Math.Max(0, (1 / step) - 0.5f)), step < 1 ? level : Math.Min(level, 0.5f)),
        };
    }

    private static float[] Halved(float[] pixels, int height, int width)
    {
        float[] half = new float[height / 2 * (width / 2)];
        for (int i = 0; i < half.Length; i++)
        {
            int at = (i / (width / 2) * 2 * width) + (i % (width / 2) * 2);
            half[i] = (pixels[at] + pixels[at + 1] + pixels[at + width] + pixels[at + width + 1]) / 4;
        }

        return half;
    }

    /// <summary>Whether a mark lies on the surface, inside the picture, and on nothing that was drawn before.</summary>
    private static bool Fits(SceneCanvas canvas, SceneSurface surface, double u, double v, SceneMark mark, List<Detection> taken, out (double X, double Y) middle)
    {
        middle = surface.ToPicture(u, v);
        var around = Around(surface, u, v, mark);
        return surface.Holds(u, v, mark.HalfWidth, mark.HalfHeight) && around.Left >= 0 && around.Top >= 0 && around.Right <= canvas.Width && around.Bottom <= canvas.Height
            && !taken.Exists(box => Shared(box, around) > 0.15 * Math.Min(box.Area, around.Area));
    }

    private static Detection Around(SceneSurface surface, double u, double v, SceneMark mark)
    {
        float left = float.MaxValue, top = float.MaxValue, right = float.MinValue, bottom = float.MinValue;
        for (int i = 0; i < 4; i++)
        {
            var (x, y) = surface.ToPicture(u + (i % 2 == 0 ? -mark.HalfWidth : mark.HalfWidth), v + (i < 2 ? -mark.HalfHeight : mark.HalfHeight));
            (left, top, right, bottom) = (Math.Min(left, (float)x), Math.Min(top, (float)y), Math.Max(right, (float)x), Math.Max(bottom, (float)y));
        }

        return new Detection(left, top, right, bottom, 0, 1);
    }

    private static float Shared(Detection a, Detection b) =>
        Math.Max(0, Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left)) * Math.Max(0, Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top));

    /// <summary>An ink that can be read on a ground.</summary>
    private static (float R, float G, float B) Ink((float R, float G, float B) ground, ref SampleRandom random)
    {
        float luma = Luma(ground);
        for (int i = 0; i < 8; i++)
        {
            var ink = SceneGround.Color(ref random);
            if (Math.Abs(Luma(ink) - luma) > LeastContrast)
                return ink;
        }

        return luma > 127 ? (20, 20, 30) : (240, 240, 235);
    }

    private static float Luma((float R, float G, float B) color) => (0.299f * color.R) + (0.587f * color.G) + (0.114f * color.B);
}
