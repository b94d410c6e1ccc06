using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class GlobalPoolingTests
{
    [Fact]
    public void An_input_without_space_is_an_error()
    {
        var error = Assert.Throws<ShapeException>(() => new GlobalAveragePool().InferShape([new Shape(2, 3)]));
        Assert.Contains("[2, 3]", error.Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => new GlobalMaxPool().InferShape([new Shape(2, 3, 0, 4)]));
    }
}
