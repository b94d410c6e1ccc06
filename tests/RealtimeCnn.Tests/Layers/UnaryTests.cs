using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.Tests.OpenGL;
using static RealtimeCnn.SelfTests.Cases.UnaryCases;

namespace RealtimeCnn.Tests.Layers;

[Collection(GlTests.Name)]
public class UnaryTests(GlFixture gl)
{
    [Fact]
    public void Every_function_has_a_layer() =>
        Assert.Equal(Enum.GetValues<UnaryFunction>(), Functions.Select(f => f.Layer.Function).Order());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Special_values_are_those_of_the_standard(bool onGpu)
    {
        float[] x = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -1, 0.5f, 1.5f, 2.5f];
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0], Run(new IsNaN(), x, onGpu));
        Assert.Equal([0, 1, 1, 0, 0, 0, 0, 0], Run(new IsInfinity(), x, onGpu));
        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 0], Run(new LogicalNot(), x, onGpu));
        Assert.Equal([0, 2, 2], Run(new Round(), x, onGpu)[5..]);
        Assert.Equal([float.NaN, 1, -1, 0, -1, 1, 1, 1], Run(new Sign(), x, onGpu));
        Assert.Equal([float.NegativeInfinity, float.NaN], Run(new Log(), x, onGpu)[3..5]);
        Assert.Equal([0, float.NaN], Run(new Sqrt(), x, onGpu)[3..5]);
        Assert.Equal([1, -1], Run(new Erf(), x, onGpu)[1..3]);
        Assert.True(float.IsNaN(Run(new Asin(), x, onGpu)[6]));
        Assert.True(float.IsNaN(Run(new Acosh(), x, onGpu)[5]));
    }

    private float[] Run(Layer layer, float[] values, bool onGpu)
    {
        using var x = new Tensor(new Shape(values.Length), values);
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(layer, builder.Input("x", x.Shape)));
        if (!onGpu)
        {
            using var cpu = new CpuNetwork(graph);
            return cpu.Run(x)[0].Span.ToArray();
        }

        float[] result = [];
        gl.Run(device =>
        {
            using var network = new GpuNetwork(device, graph);
            var y = network.Run(x)[0];
            result = y.Span.ToArray();
        });
        return result;
    }
}
