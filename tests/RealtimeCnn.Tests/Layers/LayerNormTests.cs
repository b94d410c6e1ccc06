using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class LayerNormTests
{
    [Fact]
    public void Other_trailing_axes_are_an_error_that_names_both()
    {
        var error = Assert.Throws<ShapeException>(() => new LayerNorm(new Shape(5)).InferShape([new Shape(2, 7)]));
        Assert.Contains("[5]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[2, 7]", error.Message, StringComparison.Ordinal);
    }
}
