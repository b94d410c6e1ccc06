using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class WeightedAveragePool2dTests
{
    [Fact]
    public void A_wide_Gaussian_is_the_plain_mean() =>
        Assert.All(new WeightedAveragePool2d(3, 1e6f) { Stride = 1 }.Weights(), weight => Assert.Equal(1, weight));
}
