using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class EinsumTests
{
    [Fact]
    public void Extents_that_differ_under_one_letter_are_an_error()
    {
        var error = Assert.Throws<ShapeException>(() => new Einsum("ij,jk->ik").InferShape([new Shape(2, 3), new Shape(4, 5)]));
        Assert.Contains("j", error.Message, StringComparison.Ordinal);
    }
}
