using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class BatchNorm2dTests
{
    [Fact]
    public void Wrong_channels_are_an_error_that_names_both()
    {
        var error = Assert.Throws<ShapeException>(() => new BatchNorm2d(4).InferShape([new Shape(1, 3, 5, 5)]));
        Assert.Contains("expects 4 channels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Statistics_of_one_element_are_an_error()
    {
        var error = Assert.Throws<ShapeException>(() => new BatchNorm2d(4) { UsesBatchStatistics = true }.InferShape([new Shape(1, 4)]));
        Assert.Contains("at least two", error.Message, StringComparison.Ordinal);
    }
}
