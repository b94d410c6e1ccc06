using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class LpPool2dTests
{
    [Theory]
    [InlineData(0.5f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void An_exponent_that_is_no_norm_is_an_error(float p)
    {
        var error = Assert.Throws<ShapeException>(() => new LpPool2d(2, p) { Stride = 1 }.InferShape([new Shape(1, 1, 4, 4)]));
        Assert.Contains("exponent", error.Message, StringComparison.Ordinal);
    }
}
