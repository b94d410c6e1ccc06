using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class LinearTests
{
    [Fact]
    public void A_picture_is_an_error_that_says_what_to_do()
    {
        var error = Assert.Throws<ShapeException>(() => new Linear(12, 3).InferShape([new Shape(1, 3, 2, 2)]));
        Assert.Contains("Flatten", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_features_are_an_error_that_names_both()
    {
        var error = Assert.Throws<ShapeException>(() => new Linear(12, 3).InferShape([new Shape(1, 13)]));
        Assert.Contains("expects 12", error.Message, StringComparison.Ordinal);
        Assert.Contains("[1, 13]", error.Message, StringComparison.Ordinal);
    }
}
