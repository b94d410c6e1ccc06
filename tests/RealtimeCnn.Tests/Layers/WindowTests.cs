using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class WindowTests
{
    [Theory]
    [InlineData(7, 3, 1, 0, 0, 1, false, 5)]
    [InlineData(32, 5, 1, 0, 0, 1, false, 28)]
    [InlineData(32, 5, 1, 2, 2, 1, false, 32)]
    [InlineData(224, 7, 2, 3, 3, 1, false, 112)]
    [InlineData(8, 3, 2, 0, 0, 1, false, 3)]
    [InlineData(8, 3, 2, 0, 0, 1, true, 4)]
    [InlineData(9, 3, 1, 0, 0, 4, false, 1)]
    [InlineData(1, 1, 5, 0, 0, 1, false, 1)]
    [InlineData(2, 1, 2, 0, 1, 1, true, 2)]
    public void Counts_the_windows_that_fit(int length, int kernel, int stride, int before, int after, int dilation, bool ceil, int count) =>
        Assert.Equal(count, Window.Count(length, kernel, stride, before, after, dilation, ceil));

    [Theory]
    [InlineData(2, 3, 1, 0, 1)]
    [InlineData(5, 0, 1, 0, 1)]
    [InlineData(5, 3, 0, 0, 1)]
    [InlineData(5, 3, 1, -1, 1)]
    [InlineData(5, 3, 1, 0, 3)]
    public void A_window_that_does_not_fit_or_cannot_be_is_an_error(int length, int kernel, int stride, int padding, int dilation) =>
        Assert.Throws<ShapeException>(() => Window.Count(length, kernel, stride, padding, padding, dilation));

    [Theory]
    [InlineData(PaddingMode.Zero, new[] { -1, -1, 0, 1, 2, -1, -1 })]
    [InlineData(PaddingMode.Replicate, new[] { 0, 0, 0, 1, 2, 2, 2 })]
    [InlineData(PaddingMode.Reflect, new[] { 2, 1, 0, 1, 2, 1, 0 })]
    public void Outside_reads_what_the_mode_says(PaddingMode mode, int[] expected) =>
        Assert.Equal(expected, Enumerable.Range(-2, 7).Select(i => Window.Source(i, 3, mode)));

    [Theory]
    [InlineData(10, 3, 2, 5, 0, 1)]
    [InlineData(11, 3, 2, 6, 1, 1)]
    [InlineData(10, 4, 3, 4, 1, 2)]
    [InlineData(5, 1, 2, 3, 0, 0)]
    public void Same_padding_keeps_the_size_and_puts_the_odd_element_where_asked(int length, int kernel, int stride, int count, int less, int more)
    {
        var upper = Padding2d.SameUpper.For(new Size2d(length, length), kernel, stride, 1);
        var lower = Padding2d.SameLower.For(new Size2d(length, length), kernel, stride, 1);
        Assert.Equal((less, more), (upper.Top, upper.Bottom));
        Assert.Equal((more, less), (lower.Left, lower.Right));
        Assert.Equal(count, Window.Count(length, kernel, stride, upper.Top, upper.Bottom));
    }
}
