using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class MaxoutTests
{
    [Fact]
    public void Pieces_that_do_not_divide_the_channels_are_an_error()
    {
        var error = Assert.Throws<ShapeException>(() => new Maxout(3).InferShape([new Shape(1, 4, 5, 5)]));
        Assert.Contains("groups of 3", error.Message, StringComparison.Ordinal);
    }
}
