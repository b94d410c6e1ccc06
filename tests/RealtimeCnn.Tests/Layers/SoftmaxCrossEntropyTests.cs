using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class SoftmaxCrossEntropyTests
{
    [Theory]
    [InlineData(3, 4, 4)]
    [InlineData(3, 4, 3, 1)]
    public void Targets_are_one_label_an_item(int batch, int classes, params int[] target)
    {
        var error = Assert.Throws<ShapeException>(() => new SoftmaxCrossEntropy().InferShape([new Shape(batch, classes), new Shape(target)]));
        Assert.Contains($"must be [{batch}]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Logits_are_a_row_an_item()
    {
        var error = Assert.Throws<ShapeException>(() => new SoftmaxCrossEntropy().InferShape([new Shape(2, 3, 4, 4), new Shape(2)]));
        Assert.Contains("[N, K]", error.Message, StringComparison.Ordinal);
    }
}
