using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>A heat map over the picture that it was computed of: the hotter a place, the more it glows; each place as large as it is.</summary>
internal static class HeatOverlay
{
    private const float Least = 0.06f, LeastOpacity = 0.35f;
    private const int Levels = 12;

    public static void Draw(Scene scene, HeatMap heat, int label, Area picture, Surroundings around)
    {
        float scale = picture.Width / scene.FrameSize.Width;
        var (x0, stepX, y0, stepY) = heat.Placement;
        scene.Canvas.Fill(picture, Theme.Background.WithOpacity(0.55f));
        for (int row = 0; row < heat.Size.Height; row++)
        {
            // Neighbours that glow alike are one box.
            for (int column = 0; column < heat.Size.Width;)
            {
                int level = LevelOf(heat.At((row * heat.Size.Width) + column, label)), end = column + 1;
                while (end < heat.Size.Width && LevelOf(heat.At((row * heat.Size.Width) + end, label)) == level)
                    end++;
                if (level > 0)
                    Box(x0 + (column * stepX), y0 + (row * stepY), x0 + (end * stepX), y0 + ((row + 1) * stepY), (float)level / Levels);
                column = end;
            }
        }

        static int LevelOf(float value) => value < Least ? 0 : Math.Max((int)MathF.Round(value * Levels), 1);

        void Box(float left, float top, float right, float bottom, float strength)
        {
            if (around.IsMirrored)
                (left, right) = (scene.FrameSize.Width - right, scene.FrameSize.Width - left);
            // Between pixels, so that there is no seam between neighbours.
            float x = around.BetweenPixels(Math.Max(picture.X + (left * scale), picture.X)), y = around.BetweenPixels(Math.Max(picture.Y + (top * scale), picture.Y));
            float width = around.BetweenPixels(Math.Min(picture.X + (right * scale), picture.Right)) - x, height = around.BetweenPixels(Math.Min(picture.Y + (bottom * scale), picture.Bottom)) - y;
            if (width > 0 && height > 0)
                scene.Canvas.Fill(new Area(x, y, width, height), Glow(strength).WithOpacity(LeastOpacity + ((1 - LeastOpacity) * strength)));
        }
    }

    // From blue over amber to white: brighter is hotter for every eye.
    private static Color Glow(float strength)
    {
        var (from, to, part) = strength < 0.6f ? (Theme.Cool, Theme.Accent, strength / 0.6f) : (Theme.Accent, Color.White, (strength - 0.6f) / 0.4f);
        return new Color(from.R + ((to.R - from.R) * part), from.G + ((to.G - from.G) * part), from.B + ((to.B - from.B) * part));
    }
}
