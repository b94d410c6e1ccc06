using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class InstanceNorm2dTests
{
    [Fact]
    public void An_input_without_space_is_an_error()
    {
        var error = Assert.Throws<ShapeException>(() => new InstanceNorm2d(3).InferShape([new Shape(2, 3)]));
        Assert.Contains("[2, 3]", error.Message, StringComparison.Ordinal);
    }
}
