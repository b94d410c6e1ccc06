using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class GroupNormTests
{
    [Fact]
    public void Groups_that_do_not_divide_the_channels_are_an_error()
    {
        var error = Assert.Throws<ShapeException>(() => new GroupNorm(3, 4).InferShape([new Shape(1, 4, 5, 5)]));
        Assert.Contains("3 groups", error.Message, StringComparison.Ordinal);
    }
}
