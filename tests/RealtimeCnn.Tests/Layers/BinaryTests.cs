using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Layers;

[Collection(GlTests.Name)]
public class BinaryTests(GlFixture gl)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Truth_is_one_and_NaN_is_kept(bool onGpu)
    {
        using var a = new Tensor(new Shape(4), [0, 0, 2, float.NaN]);
        using var b = new Tensor(new Shape(4), [0, 3, 2, 1]);
        Assert.Equal([1, 0, 1, 0], Run(new Equal(), a, b, onGpu));
        Assert.Equal([1, 0, 1, 0], Run(new GreaterOrEqual(), a, b, onGpu));
        Assert.Equal([0, 0, 1, 1], Run(new LogicalAnd(), a, b, onGpu));
        Assert.Equal([0, 1, 1, 1], Run(new LogicalOr(), a, b, onGpu));
        Assert.Equal([0, 1, 0, 0], Run(new LogicalXor(), a, b, onGpu));
        Assert.Equal([0, 0, 2, float.NaN], Run(new Min(), a, b, onGpu));
        Assert.Equal([0, 0, 2, float.NaN], Run(new Min(), b, a, onGpu));
        Assert.Equal([0, 3, 2, float.NaN], Run(new Max(), a, b, onGpu));
        Assert.Equal([0, 3, 2, float.NaN], Run(new Max(), b, a, onGpu));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Powers_of_numbers_below_and_at_zero_are_those_of_C(bool onGpu)
    {
        using var bases = new Tensor(new Shape(9), [-2, -2, -2, 0, 0, 0, float.NaN, 2, float.NaN]);
        using var exponents = new Tensor(new Shape(9), [3, 2, 0.5f, 2, 0, -1, 2, float.NaN, 0]);
        float[] expected = [-8, 4, float.NaN, 0, 1, float.PositiveInfinity, float.NaN, float.NaN, 1];
        float[] got = Run(new Pow(), bases, exponents, onGpu);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(expected[i].Equals(got[i]) || Math.Abs(expected[i] - got[i]) < 1e-5f, $"{bases.Span[i]}^{exponents.Span[i]} is {got[i]}, expected {expected[i]}");
    }

    [Fact]
    public void Pictures_that_come_in_blocks_stay_in_blocks()
    {
        var builder = new GraphBuilder();
        var x = builder.Input("x", new Shape(1, 3, 8, 8));
        var convolution = builder.Add(new Conv2d(3, 20, 3) { Padding = 1 }, x);
        var gate = builder.Add(new Sigmoid(), builder.Input("gate", new Shape(1, 20, 1, 1)));
        var scaled = builder.Add(new Multiply(), [convolution, gate]);
        using var graph = builder.Build(builder.Add(new Add(), [scaled, builder.Add(new Constant(new Shape(20, 1, 1)), [])], name: "y"));
        var plan = Plan.Build(graph, [], new PlanOptions(CpuKernels.Table));
        Assert.Equal(Layout.Blocked, plan.Values[graph["y"]].Info.Layout);
        // The picture is put into blocks; the gate lies row-major as it would in blocks, and so does the constant.
        Assert.Equal(["Add", "Conv2d", "Multiply", "Sigmoid", "ToPlain"], plan.Steps.Select(step => step.Call.Layer.GetType().Name).Order());
        Assert.Single(plan.Prologue);
    }

    private float[] Run(Layer layer, Tensor a, Tensor b, bool onGpu)
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(layer, [builder.Input("a", a.Shape), builder.Input("b", b.Shape)]));
        if (!onGpu)
        {
            using var cpu = new CpuNetwork(graph);
            return cpu.Run(a, b)[0].Span.ToArray();
        }

        float[] result = [];
        gl.Run(device =>
        {
            using var network = new GpuNetwork(device, graph);
            var y = network.Run(a, b)[0];
            result = y.Span.ToArray();
        });
        return result;
    }
}
