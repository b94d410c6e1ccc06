using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class AveragePool2dTests
{
    [Fact]
    public void A_vector_is_an_error()
    {
        var error = Assert.Throws<ShapeException>(() => new AveragePool2d(2) { Stride = 1 }.InferShape([new Shape(1, 8)]));
        Assert.Contains("[N, C, H, W]", error.Message, StringComparison.Ordinal);
    }
}
