using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

/// <summary>Elementwise layers that are neither activations nor functions of one or two inputs: constants, choices, learned slopes.</summary>
public class ElementwiseTests
{
    [Fact]
    public void A_slope_that_is_larger_than_the_input_is_an_error() => Assert.Contains(
        "[3, 1]", Assert.Throws<ShapeException>(() => new PRelu(new Shape(3, 1)).InferShape([new Shape(2)])).Message, StringComparison.Ordinal);
}
