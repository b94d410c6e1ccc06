using System.Runtime.Intrinsics;
using RealtimeCnn.Cpu;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.Tests.Layers;

public class ActivationTests
{
    public static TheoryData<ActivationFunction> Functions => [.. Enum.GetValues<ActivationFunction>()];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Every_function_has_a_layer_and_keeps_NaN(ActivationFunction function)
    {
        Assert.True(function is ActivationFunction.None or ActivationFunction.Relu || LayerCases.All.Select(one => one.Layer).OfType<ActivationLayer>().Any(layer => layer.Activation.Function == function));
        Assert.True(float.IsNaN(Apply(new(function, 1, 1), float.NaN)));
    }

    [Theory]
    [InlineData(ActivationFunction.Tanh)]
    [InlineData(ActivationFunction.Softplus)]
    [InlineData(ActivationFunction.Elu)]
    [InlineData(ActivationFunction.Sigmoid)]
    [InlineData(ActivationFunction.Gelu)]
    public void Single_values_are_accurate_where_a_naive_formula_cancels_or_overflows(ActivationFunction function)
    {
        var activation = new Activation(function, 1);
        foreach (float x in new[] { -1e-6f, 1e-6f, -1e-3f, 0.1f, 0.6249f, 0.6251f, 5, 9.5f, 88, 200, 3e4f })
        {
            double expected = ActivationOracle.Apply(activation, x), got = Apply(activation, x);
            Assert.True(Math.Abs(got - expected) <= 6e-7 * Math.Abs(expected), $"{function}({x}) is {got:R}, expected {expected:R}");
        }
    }

    private static float Apply(Activation activation, float x) => activation.Apply(Vector512.Create(x))[0];
}
