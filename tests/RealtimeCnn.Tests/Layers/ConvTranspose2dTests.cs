using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class ConvTranspose2dTests
{
    [Fact]
    public void Same_padding_gives_stride_times_the_input() => Assert.Equal(
        new Shape(1, 4, 12, 15), new ConvTranspose2d(3, 4, 4) { Stride = 3, Padding = Padding2d.SameUpper }.InferShape([new Shape(1, 3, 4, 5)]));

    [Fact]
    public void Output_padding_as_large_as_the_stride_is_an_error()
    {
        var error = Assert.Throws<ShapeException>(() => new ConvTranspose2d(1, 1, 3) { Stride = 2, OutputPadding = 2 }.InferShape([new Shape(1, 1, 4, 4)]));
        Assert.Contains("output padding 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Padding_that_cuts_everything_off_is_an_error()
    {
        var error = Assert.Throws<ShapeException>(() => new ConvTranspose2d(1, 1, 3) { Padding = 2 }.InferShape([new Shape(1, 1, 2, 2)]));
        Assert.Contains("cuts off all", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_groups_and_channels_are_errors()
    {
        Assert.Contains("3 groups", Assert.Throws<ShapeException>(() => new ConvTranspose2d(4, 6, 3) { Groups = 3 }.InferShape([new Shape(1, 4, 5, 5)])).Message, StringComparison.Ordinal);
        Assert.Contains("expects 4", Assert.Throws<ShapeException>(() => new ConvTranspose2d(4, 6, 3).InferShape([new Shape(1, 3, 5, 5)])).Message, StringComparison.Ordinal);
    }
}
