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
}
