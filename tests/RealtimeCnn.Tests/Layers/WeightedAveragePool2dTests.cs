using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class WeightedAveragePool2dTests
{
    [Fact]
    public void A_wide_Gaussian_is_the_plain_mean() =>
        Assert.All(new WeightedAveragePool2d(3, 1e6f) { Stride = 1 }.Weights(), weight => Assert.Equal(1, weight));

    [Fact]
    public void A_Gaussian_without_width_is_an_error()
    {
        var error = Assert.Throws<ShapeException>(() => new WeightedAveragePool2d(3, 0) { Stride = 1 }.InferShape([new Shape(1, 1, 4, 4)]));
        Assert.Contains("above 0", error.Message, StringComparison.Ordinal);
    }
}
