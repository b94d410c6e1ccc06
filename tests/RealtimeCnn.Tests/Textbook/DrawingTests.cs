using RealtimeCnn.Drawing;
using RealtimeCnn.Textbook.Drawing;

namespace RealtimeCnn.Tests.Textbook;

public class DrawingTests
{
    [Theory]
    [InlineData(0.25, 4, new[] { 0.25, 0.5, 1, 2, 4 })]
    [InlineData(1, 90, new double[] { 1, 2, 5, 10, 20, 50 })]
    [InlineData(10, 1000, new double[] { 10, 100, 1000 })]
    [InlineData(3, 8.5, new double[] { 3, 4, 5, 6, 7, 8 })]
    [InlineData(0.02, 0.5, new[] { 0.02, 0.05, 0.1, 0.2, 0.5 })]
    public void A_logarithmic_axis_has_numbers_enough_to_be_read(double low, double high, double[] expected)
    {
        var axis = Axis.Of([low, high], logarithmic: true, range: null);
        Assert.Equal(expected, axis.Ticks.Select(tick => Math.Round(tick, 6)));
        Assert.Equal((0, 1), (axis.Place(low), axis.Place(high)));
    }

    [Fact]
    public void A_bar_below_zero_goes_to_the_left()
    {
        var chart = new BarChart("signs", 200, [new Bar("a", 3, "3", Palette.Blue), new Bar("b", -1, "-1", Palette.Orange)]);
        var canvas = new CpuCanvas();
        canvas.Begin(chart.Width, chart.Height, Palette.Paper);
        chart.Draw(canvas, 0, 0);
        var (blue, orange) = (Columns(canvas, Palette.Blue), Columns(canvas, Palette.Orange));
        Assert.True(orange.Max() < blue.Min(), $"The negative bar ends at {orange.Max()}, the positive one begins at {blue.Min()}.");
        Assert.InRange(blue.Count / (double)orange.Count, 2.8, 3.2);
    }

    // The columns of a canvas that show a colour.
    private static List<int> Columns(CpuCanvas canvas, Color color)
    {
        var one = new CpuCanvas();
        one.Begin(1, 1, color);
        byte[] wanted = one.Pixels.ToArray(), pixels = canvas.Pixels.ToArray();
        var (width, height) = (canvas.Format.Width, canvas.Format.Height);
        return [.. Enumerable.Range(0, width).Where(x => Enumerable.Range(0, height).Any(y => pixels.AsSpan(((y * width) + x) * 4, 4).SequenceEqual(wanted)))];
    }
}
