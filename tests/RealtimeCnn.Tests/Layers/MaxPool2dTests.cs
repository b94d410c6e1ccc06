using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class MaxPool2dTests
{
    [Fact]
    public void Padding_as_large_as_the_window_is_an_error()
    {
        var error = Assert.Throws<ShapeException>(() => new MaxPool2d(2) { Padding = 2 }.InferShape([new Shape(1, 1, 4, 4)]));
        Assert.Contains("smaller than the window", error.Message, StringComparison.Ordinal);
    }
}
