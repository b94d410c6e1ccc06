using RealtimeCnn.Cpu;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Tests.Onnx;

/// <summary>Activations that files write as several operators are one layer, and what only looks like them is not.</summary>
public sealed class ComposedActivationTests
{
    private const double Root = 1.4142135623730951;

    private static readonly double[] Inputs = [-3, -0.5, 0, 0.25, 1, 4];

    [Fact]
    public void Swish_is_one_layer_whichever_factor_comes_first()
    {
        Assert.Equal(["Input", "Silu"], Layers(Model().Node("Sigmoid", ["x"], ["s"]).Node("Mul", ["x", "s"], ["y"]), x => x / (1 + Math.Exp(-x))));
        Assert.Equal(["Input", "Silu"], Layers(Model().Node("Sigmoid", ["x"], ["s"]).Node("Mul", ["s", "x"], ["y"]), x => x / (1 + Math.Exp(-x))));
    }

    [Fact]
    public void Hard_swish_and_Mish_are_one_layer_each()
    {
        Assert.Equal(["Input", "HardSwish"], Layers(
            Model().Node("HardSigmoid", ["x"], ["s"], OnnxFiles.Float("alpha", 1f / 6), OnnxFiles.Float("beta", 0.5f)).Node("Mul", ["x", "s"], ["y"]), x => x * Math.Clamp((x / 6) + 0.5, 0, 1)));
        Assert.Equal(["Input", "Mish"], Layers(
            Model().Node("Softplus", ["x"], ["p"]).Node("Tanh", ["p"], ["t"]).Node("Mul", ["x", "t"], ["y"]), x => x * Math.Tanh(Math.Log(1 + Math.Exp(x)))));
    }

    [Theory]
    [InlineData("x", "sum", "half")]
    [InlineData("x", "half", "sum")]
    [InlineData("sum", "half", "x")]
    public void Gelu_is_one_layer_in_any_order(string first, string second, string third)
    {
        var quotient = Model().Node("Div", ["x", "root"], ["q"]);
        var product = Model().Node("Mul", ["inverse", "x"], ["q"]);
        foreach (var model in new[] { quotient, product })
        {
            model.Node("Erf", ["q"], ["e"]).Node("Add", ["e", "one"], ["sum"]).Node("Mul", [first, second], ["p"]).Node("Mul", [third, "p"], ["y"]);
            Assert.Equal(["Input", "Gelu"], Layers(model, Gelu));
        }
    }

    [Fact]
    public void What_only_looks_like_an_activation_is_computed_as_written()
    {
        Assert.DoesNotContain("Silu", Layers(Model().Node("Sigmoid", ["one"], ["s"]).Node("Mul", ["x", "s"], ["y"]), x => x / (1 + Math.Exp(-1))));
        Assert.DoesNotContain("HardSwish", Layers(Model().Node("HardSigmoid", ["x"], ["s"]).Node("Mul", ["x", "s"], ["y"]), x => x * Math.Clamp((x * 0.2) + 0.5, 0, 1)));
        var scaled = Model().Node("Div", ["x", "one"], ["q"]).Node("Erf", ["q"], ["e"]).Node("Add", ["e", "one"], ["sum"]).Node("Mul", ["x", "sum"], ["p"]).Node("Mul", ["p", "half"], ["y"]);
        Assert.DoesNotContain("Gelu", Layers(scaled, x => Gelu(x * Root) / Root));
    }

    private static double Gelu(double x)
    {
        // The error function as the integral that it is, by Simpson's rule.
        const int Parts = 2000;
        double end = x / Root, step = end / Parts, sum = 0;
        for (int i = 0; i <= Parts; i++)
            sum += (i is 0 or Parts ? 1 : i % 2 == 0 ? 2 : 4) * Math.Exp(-(i * step) * (i * step));
        return x / 2 * (1 + (sum * step / 3 * 2 / Math.Sqrt(Math.PI)));
    }

    private static ModelProto Model() => OnnxFiles.Model().Input("x", OnnxType.Float, 6).Output("y")
        .Constant("one", OnnxFiles.Floats(new Shape(1), 1)).Constant("half", OnnxFiles.Floats(new Shape(), 0.5))
        .Constant("root", OnnxFiles.Floats(new Shape(), Root)).Constant("inverse", OnnxFiles.Floats(new Shape(), 1 / Root));

    /// <summary>The layers of the model, whose result is checked.</summary>
    private static IEnumerable<string> Layers(ModelProto proto, Func<double, double> expected)
    {
        using var model = proto.Load();
        using var network = new CpuNetwork(model.Graph);
        using var x = new Tensor(new Shape(Inputs.Length), [.. Inputs.Select(value => (float)value)]);
        var y = network.Run(x)[0];
        for (int i = 0; i < Inputs.Length; i++)
            Assert.Equal(expected(Inputs[i]), y.Span[i], 1e-5);
        return [.. model.Graph.Nodes.Select(node => node.Layer.GetType().Name)];
    }
}
