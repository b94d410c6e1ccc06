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
}
