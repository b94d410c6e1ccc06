using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class MatMulTests
{
    [Fact]
    public void Shapes_are_those_of_numpy()
    {
        Assert.Equal(new Shape(2, 3, 5, 7), new MatMul().InferShape([new Shape(2, 1, 5, 4), new Shape(3, 4, 7)]));
        Assert.Equal(new Shape(6), new MatMul().InferShape([new Shape(5), new Shape(5, 6)]));
        Assert.Equal(new Shape(), new MatMul().InferShape([new Shape(5), new Shape(5)]));
        Assert.Equal(5 * 7 * 4, new MatMul().MultiplyAccumulates([new Shape(5, 4), new Shape(4, 7)], new Shape(5, 7)));
    }

    [Fact]
    public void Inner_extents_that_differ_are_an_error_that_names_both() => Assert.Contains(
        "4 columns meet 5 rows", Assert.Throws<ShapeException>(() => new MatMul().InferShape([new Shape(3, 4), new Shape(5, 6)])).Message, StringComparison.Ordinal);

    [Fact]
    public void Scalars_are_an_error() => Assert.Contains(
        "at least vectors", Assert.Throws<ShapeException>(() => new MatMul().InferShape([new Shape(), new Shape(5, 6)])).Message, StringComparison.Ordinal);
}
