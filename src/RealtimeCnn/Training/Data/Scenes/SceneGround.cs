namespace RealtimeCnn.Training.Data.Scenes;

/// <summary>What stands behind everything: a part of a photograph, a plain wall, or a blotchy one.</summary>
internal static class SceneGround
{
    private const double Photographs = 0.6, Plain = 0.2;
    private const int MostCells = 20;

    /// <summary>Fills the picture.</summary>
    public static void Paint(SceneCanvas canvas, PictureSet photographs, ref SampleRandom random)
    {
        double kind = random.Next();
        if (kind < Photographs)
            Photograph(canvas, photographs, ref random);
        else
            Wall(canvas, isBlotchy: kind > Photographs + Plain, ref random);
    }

    /// <summary>Any colour, such as walls, sheets and boards have.</summary>
    public static (float R, float G, float B) Color(ref SampleRandom random)
    {
        double kind = random.Next();
        var (least, most) = kind < 0.4 ? (190, 255) : kind < 0.65 ? (5, 80) : (0, 255);
        double tint = kind < 0.65 ? 0.15 : 1, gray = least + (random.Next() * (most - least));
        return (Channel(ref random), Channel(ref random), Channel(ref random));

        float Channel(ref SampleRandom random) => (float)Math.Clamp(gray + (tint * random.NextSigned() * 90), 0, 255);
    }

    private static void Photograph(SceneCanvas canvas, PictureSet photographs, ref SampleRandom random)
    {
        var pixels = photographs.Pixels(random.Next(photographs.Count));
        int height = photographs.SampleShape[1], width = photographs.SampleShape[2];
        double share = 0.4 + (0.6 * random.Next()), stepX = share * width / canvas.Width, stepY = share * height / canvas.Height;
        double left = random.Next() * (1 - share) * (width - 1), top = random.Next() * (1 - share) * (height - 1);
        bool isMirrored = random.Next() < 0.5;
        float gain = (float)Math.Exp(random.NextSigned() * 0.4);
        for (int row = 0; row < canvas.Height; row++)
        {
            float y = (float)Math.Clamp(top + (row * stepY), 0, height - 1.001);
            int line = (int)y * width;
            for (int column = 0; column < canvas.Width; column++)
            {
                float x = (float)Math.Clamp(left + ((isMirrored ? canvas.Width - 1 - column : column) * stepX), 0, width - 1.001);
                int at = line + (int)x;
                float partX = x - (int)x, partY = y - (int)y;
                for (int c = 0; c < 3; c++)
                {
                    int place = (c * height * width) + at;
                    float above = pixels[place] + ((pixels[place + 1] - pixels[place]) * partX), below = pixels[place + width] + ((pixels[place + width + 1] - pixels[place + width]) * partX);
                    canvas.Plane(c)[(row * canvas.Width) + column] = gain * (above + ((below - above) * partY));
                }
            }
        }
    }

    private static void Wall(SceneCanvas canvas, bool isBlotchy, ref SampleRandom random)
    {
        var first = Color(ref random);
        var second = Color(ref random);
        float[] from = [first.R, first.G, first.B], to = [second.R, second.G, second.B];
        float strength = isBlotchy ? 0.2f + (0.8f * (float)random.Next()) : 0;
        int rows = 2 + random.Next(MostCells), columns = 2 + random.Next(MostCells);
        float[] cells = new float[(rows + 1) * (columns + 1)];
        foreach (ref float cell in cells.AsSpan())
            cell = strength * (float)random.Next();
        for (int row = 0; row < canvas.Height; row++)
        {
            float y = (float)row * (rows - 1) / canvas.Height, partY = y - (int)y;
            for (int column = 0; column < canvas.Width; column++)
            {
                float x = (float)column * (columns - 1) / canvas.Width, partX = x - (int)x;
                int at = ((int)y * (columns + 1)) + (int)x;
                float above = cells[at] + ((cells[at + 1] - cells[at]) * partX), below = cells[at + columns + 1] + ((cells[at + columns + 2] - cells[at + columns + 1]) * partX);
                float share = above + ((below - above) * partY);
                for (int c = 0; c < 3; c++)
                    canvas.Plane(c)[(row * canvas.Width) + column] = from[c] + (share * (to[c] - from[c]));
            }
        }
    }
}
