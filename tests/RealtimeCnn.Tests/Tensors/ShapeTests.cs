namespace RealtimeCnn.Tests.Tensors;

public class ShapeTests
{
    [Theory]
    [InlineData(new int[0], 1, 1, 1, 1)]
    [InlineData(new[] { 5 }, 1, 5, 1, 1)]
    [InlineData(new[] { 2, 5 }, 2, 5, 1, 1)]
    [InlineData(new[] { 2, 5, 7 }, 2, 5, 1, 7)]
    [InlineData(new[] { 2, 5, 3, 7 }, 2, 5, 3, 7)]
    [InlineData(new[] { 2, 5, 3, 4, 7 }, 2, 5, 12, 7)]
    public void Every_rank_reads_as_a_picture(int[] extents, int batch, int channels, int height, int width)
    {
        var shape = new Shape(extents);
        Assert.Equal((batch, channels, height, width), (shape.Batch, shape.Channels, shape.Height, shape.Width));
        Assert.Equal(batch * channels * height * width, shape.Count);
        Assert.Equal(extents, shape.ToArray());
    }

    [Fact]
    public void Equal_extents_are_equal_and_another_rank_is_not()
    {
        Assert.Equal(new Shape(2, 3), new Shape(2, 3));
        Assert.Equal(new Shape(2, 3).GetHashCode(), new Shape(2, 3).GetHashCode());
        Assert.NotEqual(new Shape(2, 3), new Shape(2, 3, 1));
        Assert.NotEqual(new Shape(2, 3), new Shape(3, 2));
    }

    [Fact]
    public void Impossible_extents_are_errors_that_say_why()
    {
        Assert.Contains("Axis 1", Assert.Throws<ShapeException>(() => new Shape(2, -1)).Message, StringComparison.Ordinal);
        Assert.Contains("2^31", Assert.Throws<ShapeException>(() => new Shape(1 << 20, 1 << 20, 1 << 20)).Message, StringComparison.Ordinal);
        Assert.Contains("at most 8", Assert.Throws<ShapeException>(() => new Shape(1, 1, 1, 1, 1, 1, 1, 1, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("2^31", Assert.Throws<ShapeException>(() => new Shape(1 << 20, 0, 1 << 20)).Message, StringComparison.Ordinal);
        Assert.Equal(0, new Shape(1 << 20, 0).Count);
    }
}
