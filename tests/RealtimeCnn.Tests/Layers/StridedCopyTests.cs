using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class StridedCopyTests
{
    [Theory]
    [InlineData(0, 10, 3, 4)]
    [InlineData(-3, int.MaxValue, 1, 3)]
    [InlineData(4, 2, 1, 0)]
    [InlineData(9, 3, -2, 3)]
    [InlineData(-1, int.MinValue, -1, 10)]
    [InlineData(-100, 100, 1, 10)]
    public void A_range_has_as_many_elements_as_in_Python(int start, int end, int step, int count) =>
        Assert.Equal(count, new Slice(new AxisRange(0, start, end, step)).InferShape([new Shape(10)])[0]);

    [Fact]
    public void Impossible_moves_are_errors_with_the_numbers()
    {
        AssertError(new Slice(new AxisRange(2, 0, 1)), "axis 2", new Shape(3, 4));
        AssertError(new Slice(new AxisRange(0, 0, 1, 0)), "step 0", new Shape(3, 4));
        AssertError(new Slice(new AxisRange(0, 0, 1), new AxisRange(-2, 0, 1)), "twice", new Shape(3, 4));
        AssertError(new Transpose(0, 0), "[0, 0]", new Shape(3, 4));
        AssertError(new Expand(new Shape(5)), "[3, 4] and [5]", new Shape(3, 4));
        AssertError(new Tile(2), "[2]", new Shape(3, 4));
        AssertError(new ChannelShuffle(3), "4 channels", new Shape(1, 4, 1, 1));
        AssertError(new DepthToSpace(2), "6 channels", new Shape(1, 6, 1, 1));
        AssertError(new SpaceToDepth(2), "2×2", new Shape(1, 1, 3, 2));
    }

    private static void AssertError(Layer layer, string part, Shape input) =>
        Assert.Contains(part, Assert.Throws<ShapeException>(() => layer.InferShape([input])).Message, StringComparison.Ordinal);
}
