using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class AdaptivePoolingTests
{
    [Fact]
    public void An_empty_output_is_an_error()
    {
        var error = Assert.Throws<ShapeException>(() => new AdaptiveMaxPool2d(new Size2d(0, 3)).InferShape([new Shape(1, 1, 4, 4)]));
        Assert.Contains("at least 1", error.Message, StringComparison.Ordinal);
    }
}
