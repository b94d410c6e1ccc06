using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.Tests.OpenGL;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Layers;

[Collection(GlTests.Name)]
public class BinaryTests(GlFixture gl)
{
    private static readonly (BinaryLayer Layer, Func<double, double, double> Function, double Tolerance)[] Functions =
    [
        (new Add(), (a, b) => a + b, 1e-7), (new Subtract(), (a, b) => a - b, 1e-7), (new Multiply(), (a, b) => a * b, 1e-7), (new Divide(), (a, b) => a / b, 1e-7),
        (new Pow(), (a, b) => Math.Pow(a, b), 5e-6), (new Min(), Math.Min, 0), (new Max(), Math.Max, 0),
        (new Remainder(), (a, b) => a - (b * Math.Floor(a / b)), 1e-6), (new TruncatedRemainder(), (a, b) => a - (b * Math.Truncate(a / b)), 1e-6),
        (new Equal(), (a, b) => a == b ? 1 : 0, 0), (new Greater(), (a, b) => a > b ? 1 : 0, 0), (new GreaterOrEqual(), (a, b) => a >= b ? 1 : 0, 0),
        (new Less(), (a, b) => a < b ? 1 : 0, 0), (new LessOrEqual(), (a, b) => a <= b ? 1 : 0, 0), (new LogicalAnd(), (a, b) => a != 0 && b != 0 ? 1 : 0, 0),
        (new LogicalOr(), (a, b) => a != 0 || b != 0 ? 1 : 0, 0), (new LogicalXor(), (a, b) => (a != 0) ^ (b != 0) ? 1 : 0, 0),
    ];

    private static readonly (string Name, Shape A, Shape B)[] Shapes =
    [
        ("scalars", new Shape(), new Shape()),
        ("a vector", new Shape(37), new Shape(37)),
        ("pictures", new Shape(2, 17, 3, 5), new Shape(2, 17, 3, 5)),
        ("a scalar behind", new Shape(2, 5, 3, 7), new Shape()),
        ("a scalar in front", new Shape(1), new Shape(2, 5, 3, 7)),
        ("one for each channel, three axes", new Shape(2, 19, 3, 5), new Shape(19, 1, 1)),
        ("one for each channel, four axes", new Shape(1, 33, 3, 5), new Shape(1, 33, 1, 1)),
        ("one for each channel of each item", new Shape(3, 18, 4, 5), new Shape(3, 18, 1, 1)),
        ("one for each pixel", new Shape(2, 18, 4, 5), new Shape(2, 1, 4, 5)),
        ("one picture for all items", new Shape(3, 6, 4, 5), new Shape(1, 6, 4, 5)),
        ("one column for all", new Shape(2, 6, 4, 5), new Shape(2, 6, 4, 1)),
        ("one row for all", new Shape(2, 6, 4, 5), new Shape(5)),
        ("both grow", new Shape(3, 1, 5), new Shape(7, 1)),
        ("five axes", new Shape(2, 3, 1, 5, 2), new Shape(1, 3, 4, 1, 2)),
        ("a long run", new Shape(3, 9001), new Shape(3, 1)),
    ];

    public static IEnumerable<LayerCase> Cases =>
        Shapes.Select(shapes => Case(shapes.Name, Functions[3], shapes.A, shapes.B) with { Lowest = 0.5f, Highest = 2 })
            .Concat(Functions.Select(function => Case("blocked", function, new Shape(2, 18, 3, 5), new Shape(2, 18, 3, 5)) with { Lowest = 0.1f, Highest = 3 }))
            .Concat(Functions.Select(function => Case("broadcast", function, new Shape(3, 5, 7), new Shape(7)) with { Lowest = 0.1f, Highest = 3 }))
            .Append(Case("both signs", Functions[7], new Shape(64), new Shape(64)) with { Lowest = -3, Highest = 3 })
            .Append(Case("both signs", Functions[8], new Shape(64), new Shape(64)) with { Lowest = -3, Highest = 3 });

    private static LayerCase Case(string name, (BinaryLayer Layer, Func<double, double, double> Function, double Tolerance) f, Shape a, Shape b) =>
        new(name, f.Layer, (x, _) => Coordinates.Fill(Broadcasting.Common(a, b), at => f.Function(Coordinates.At(x[0], at), Coordinates.At(x[1], at))), f.Tolerance, a, b);

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
        Assert.Equal(["Add", "Conv2d", "Multiply", "Sigmoid", "ToBlocked", "ToPlain"], plan.Steps.Select(step => step.Call.Layer.GetType().Name).Order());
        Assert.Single(plan.Prologue);
    }

    [Fact]
    public void Shapes_that_do_not_broadcast_are_an_error_that_names_both()
    {
        var error = Assert.Throws<ShapeException>(() => new Add().InferShape([new Shape(2, 3), new Shape(2, 4)]));
        Assert.Contains("[2, 3] and [2, 4]", error.Message, StringComparison.Ordinal);
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
