using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class ConvTranspose2dTests
{
    [Fact]
    public void Same_padding_gives_stride_times_the_input() => Assert.Equal(
        new Shape(1, 4, 12, 15), new ConvTranspose2d(3, 4, 4) { Stride = 3, Padding = Padding2d.SameUpper }.InferShape([new Shape(1, 3, 4, 5)]));
}
