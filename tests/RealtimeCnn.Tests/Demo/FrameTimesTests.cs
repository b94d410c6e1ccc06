using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Tests.Demo;

public sealed class FrameTimesTests
{
    private const int Width = 1280, Height = 720;

    [Fact]
    public void A_column_is_as_high_as_its_frame_took_and_has_the_colors_of_its_stages()
    {
        var stats = new RunStats();
        stats.CountShown(TimeSpan.Zero);
        // The newest frame took 30 ms, 20 of them the network; the one before 10 ms, in which nobody knows what happened.
        for (int i = 1; i <= 6; i++)
        {
            if (i > 3)
                stats.Record(Stage.Network, 20);
            stats.CountShown(TimeSpan.FromMilliseconds(i <= 3 ? 10 * i : 30 + (30 * (i - 3))));
        }

        var canvas = new CpuCanvas();
        canvas.Begin(Width, Height, Color.Black);
        FrameTimes.Draw(canvas, stats, new Area(0, 0, Width, Height), new Surroundings());
        // Of each color, in the columns of pixels that have any of it.
        var (network, other) = (Heights(FrameTimes.ColorOf(Stage.Network)), Heights(FrameTimes.ColorOf(Stage.Other)));
        int tall = network.Max();
        // The chart is 252 units high, and a little higher than a frame of 30 in a second; pixels that an edge crosses are of no color.
        Assert.Equal(252 * 20 / (1000 / 30.0 * 1.15), tall, 3.0);
        Assert.Equal(tall / 2.0, other[^1], 2.0);
        Assert.Equal(tall / 2.0, other[0], 2.0);
        Assert.True(network.Count < other.Count, "only the newer frames had a network");

        // The legend's swatches, on the left, are no columns.
        List<int> Heights(Color color)
        {
            var heights = new List<int>();
            for (int x = Width / 2; x < Width; x++)
            {
                int count = Enumerable.Range(0, Height).Count(y => IsColor(canvas.Pixels, ((y * Width) + x) * 4, color));
                if (count > 0)
                    heights.Add(count);
            }

            return heights;
        }
    }

    private static bool IsColor(ReadOnlySpan<byte> pixels, int at, Color color) =>
        Math.Abs(pixels[at] - (color.R * 255)) < 3 && Math.Abs(pixels[at + 1] - (color.G * 255)) < 3 && Math.Abs(pixels[at + 2] - (color.B * 255)) < 3;
}
