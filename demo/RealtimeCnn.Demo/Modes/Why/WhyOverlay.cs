using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Modes.Why;

/// <summary>A map over the picture that it explains: amber where a place speaks for the class, blue where against it, the picture where neither.</summary>
internal static class WhyOverlay
{
    // Of the greatest value; and the finest grid that a blended map is drawn with.
    private const int Levels = 24, Finest = 72;
    private const float Least = 0.05f, LeastOpacity = 0.2f, MostOpacity = 0.66f;

    public static void Draw(Scene scene, WhyMap map, Area picture, Surroundings around)
    {
        float far = map.Farthest, scale = picture.Width / scene.FrameSize.Width;
        scene.Canvas.Clip(picture);
        scene.Canvas.Fill(picture, Theme.Background.WithOpacity(0.4f));
        // What was covered is squares; what was pooled is between them too.
        int fine = map.Method == WhyMethod.Occlusion ? 1 : Math.Max(Finest / Math.Max(map.Grid.Height, map.Grid.Width), 1);
        int rows = map.Grid.Height * fine, columns = map.Grid.Width * fine;
        for (int row = 0; row < rows; row++)
        {
            // Neighbours of one level are one box.
            for (int column = 0; column < columns;)
            {
                int level = LevelAt(row, column), end = column + 1;
                while (end < columns && LevelAt(row, end) == level)
                    end++;
                if (level != 0)
                    Box(row, column, end, (float)level / Levels);
                column = end;
            }
        }

        scene.Canvas.Clip(null);

        int LevelAt(int row, int column)
        {
            float share = far > 0 ? map.At((row + 0.5f) / fine, (column + 0.5f) / fine) / far : 0;
            return float.IsNaN(share) || Math.Abs(share) < Least ? 0 : (int)MathF.Round(share * Levels);
        }

        void Box(int row, int column, int end, float strength)
        {
            double stepX = (double)map.Input.Width / columns, stepY = (double)map.Input.Height / rows;
            var (left, top) = map.Mapping.ToUpright(new(column * stepX, row * stepY));
            var (right, bottom) = map.Mapping.ToUpright(new(end * stepX, (row + 1) * stepY));
            if (around.IsMirrored)
                (left, right) = (scene.FrameSize.Width - right, scene.FrameSize.Width - left);
            float x = around.BetweenPixels(picture.X + ((float)left * scale)), y = around.BetweenPixels(picture.Y + ((float)top * scale));
            float width = around.BetweenPixels(picture.X + ((float)right * scale)) - x, height = around.BetweenPixels(picture.Y + ((float)bottom * scale)) - y;
            if (width > 0 && height > 0)
                scene.Canvas.Fill(new Area(x, y, width, height), ColorOf(strength).WithOpacity(LeastOpacity + ((MostOpacity - LeastOpacity) * MathF.Sqrt(Math.Abs(strength)))));
        }
    }

    /// <summary>The colour of a share of the greatest value, of both signs.</summary>
    public static Color ColorOf(float share) => new MapScale(MapColors.AroundZero, -1, 1).ColorOf(share);
}
