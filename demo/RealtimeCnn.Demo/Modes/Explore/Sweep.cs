using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Modes.Explore;

/// <summary>A place on a picture that wanders by itself, until a mouse says which one is meant.</summary>
internal static class Sweep
{
    private const double Across = 0.53, Down = 0.31;

    /// <summary>The place under the mouse on one of some pictures, or else one that wanders; in [0, 1] from the left and from the top.</summary>
    /// <param name="around">The time and the mouse.</param>
    /// <param name="pictures">Where the pictures lie.</param>
    public static (float X, float Y) At(Surroundings around, ReadOnlySpan<Area> pictures)
    {
        if (around.Pointer is var (x, y))
        {
            foreach (var picture in pictures)
            {
                if (picture.Contains(x, y))
                    return ((x - picture.X) / picture.Width, (y - picture.Y) / picture.Height);
            }
        }

        double t = around.Now.TotalSeconds;
        return ((float)(0.5 + (0.36 * Math.Sin(t * Across))), (float)(0.5 + (0.34 * Math.Sin(t * Down))));
    }
}
