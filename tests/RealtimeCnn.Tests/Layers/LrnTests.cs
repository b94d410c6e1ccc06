using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class LrnTests
{
    [Fact]
    public void Constants_that_allow_a_division_by_zero_are_an_error()
    {
        var error = Assert.Throws<ShapeException>(() => new Lrn(5) { Bias = 0 }.InferShape([new Shape(1, 3, 5, 5)]));
        Assert.Contains("bias 0", error.Message, StringComparison.Ordinal);
    }
}
