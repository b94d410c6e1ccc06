using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class Resize2dTests
{
    [Fact]
    public void Impossible_sizes_are_errors_with_the_numbers()
    {
        AssertError(new Resize2d(0.1f, 1), "[1, 1, 4, 4]", new Shape(1, 1, 4, 4));
        AssertError(new Resize2d(-1, 1), "-1", new Shape(1, 1, 4, 4));
        AssertError(new Resize2d(2, 2), "[N, C, H, W]", new Shape(4, 4));
    }

    private static void AssertError(Resize2d layer, string part, Shape input) =>
        Assert.Contains(part, Assert.Throws<ShapeException>(() => layer.InferShape([input])).Message, StringComparison.Ordinal);
}
