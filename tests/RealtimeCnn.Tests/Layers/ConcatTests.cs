using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class ConcatTests
{
    [Fact]
    public void Inputs_that_differ_along_another_axis_are_an_error() => Assert.Contains(
        "axis 1", Assert.Throws<ShapeException>(() => new Concat().InferShape([new Shape(1, 2, 3), new Shape(1, 2, 4)])).Message, StringComparison.Ordinal);

    [Fact]
    public void An_axis_that_does_not_exist_is_an_error() => Assert.Contains(
        "axis 4", Assert.Throws<ShapeException>(() => new Concat(4).InferShape([new Shape(1, 2, 3)])).Message, StringComparison.Ordinal);
}
