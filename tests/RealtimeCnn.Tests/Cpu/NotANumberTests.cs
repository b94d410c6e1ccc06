using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>docs/numerics.md: whatever is computed from a NaN is NaN, and nothing else is.</summary>
public class NotANumberTests
{
    public static TheoryData<ActivationFunction> Activations => [.. Enum.GetValues<ActivationFunction>()];

    public static TheoryData<UnaryFunction> Functions =>
        [.. Enum.GetValues<UnaryFunction>().Except([UnaryFunction.Not, UnaryFunction.IsNaN, UnaryFunction.IsInfinity])];

    public static TheoryData<ReduceFunction> Reductions => [.. Enum.GetValues<ReduceFunction>()];

    /// <summary>Layers with windows of 3×3 that move by 1 and see the whole picture; the NaN lies in the middle of 7×7.</summary>
    public static TheoryData<Layer> Windows =>
    [
        new MaxPool2d(3) { Stride = 1, Padding = 1 }, new AveragePool2d(3) { Stride = 1, Padding = 1 }, new LpPool2d(3, 1) { Stride = 1, Padding = 1 }, new LpPool2d(3, 2) { Stride = 1, Padding = 1 },
        new LpPool2d(3, 3) { Stride = 1, Padding = 1 }, new GemPool2d(3) { Stride = 1, Padding = 1 }, new WeightedAveragePool2d(3, 1) { Stride = 1, Padding = 1 },
        new Conv2d(1, 1, 3) { Padding = 1 }, new Conv2d(1, 1, 3) { Padding = 1, Activation = Activation.Relu6 },
        new DepthwiseConv2d(1, 3) { Padding = 1, Activation = Activation.Relu }, new ConvTranspose2d(1, 1, 3) { Padding = 1 },
        new LocallyConnected2d(1, 1, 3, 7) { Padding = 1 },
    ];

    public static TheoryData<Layer> WholePictures =>
    [
        new GlobalAveragePool(), new GlobalMaxPool(), new GlobalLpPool(3), new GlobalGemPool(), new Softmax(3), new LogSoftmax(3), new InstanceNorm2d(1),
        new GroupNorm(1, 1), new LayerNorm(new Shape(7)), new BatchNorm2d(1), new Lrn(3), new CumSum(3), new Resize2d(2, 2), new Resize2d(2, 2) { Mode = ResizeMode.Linear },
        new Maxout(1), new Clip(-1, 1), new PRelu(new Shape(1)), new InputNormalization(1, InputScale.Range) { IsMeasured = true },
    ];

    [Theory]
    [MemberData(nameof(Activations))]
    public void Activations_keep_it(ActivationFunction function) =>
        Assert.True(float.IsNaN(new Activation(function, 0.5f, 1).Apply(System.Runtime.Intrinsics.Vector512.Create(float.NaN))[0]), $"{function}(NaN) is a number.");

    [Theory]
    [MemberData(nameof(Functions))]
    public void Functions_of_one_number_keep_it(UnaryFunction function) =>
        Assert.True(float.IsNaN(new UnaryOfVector(function).Apply(System.Runtime.Intrinsics.Vector512.Create(float.NaN))[0]), $"{function}(NaN) is a number.");

    [Theory]
    [MemberData(nameof(Reductions))]
    public void Reductions_keep_it(ReduceFunction function) => Assert.Equal([true], Places(new Reduce(function), new Shape(1, 1, 7, 7)));

    [Theory]
    [MemberData(nameof(Windows))]
    public void A_window_that_sees_it_gives_it_and_no_other_does(Layer layer)
    {
        bool[] expected = [.. Enumerable.Range(0, 49).Select(i => Math.Abs((i / 7) - 3) <= 1 && Math.Abs((i % 7) - 3) <= 1)];
        Assert.Equal(expected, Places(layer, new Shape(1, 1, 7, 7)));
    }

    [Theory]
    [MemberData(nameof(WholePictures))]
    public void Layers_that_see_it_give_it(Layer layer) => Assert.Contains(true, Places(layer, new Shape(1, 1, 7, 7)));

    [Fact]
    public void Smallest_and_largest_of_two_give_it()
    {
        foreach (Layer layer in (Layer[])[new Min(), new Max(), new Add(), new Multiply()])
        {
            using var one = new Tensor(new Shape(2), [float.NaN, 1]);
            using var other = new Tensor(new Shape(2), [1, float.NaN]);
            var builder = new GraphBuilder();
            using var graph = builder.Build(builder.Add(layer, [builder.Input("a", one.Shape), builder.Input("b", other.Shape)]));
            using var network = new CpuNetwork(graph, new NetworkOptions { Threads = 1 });
            Assert.All(network.Run(one, other)[0].Span.ToArray(), value => Assert.True(float.IsNaN(value), $"{layer} loses NaN."));
        }
    }

    /// <summary>Where the result is NaN when the element in the middle of the input is.</summary>
    private static bool[] Places(Layer layer, Shape shape)
    {
        var builder = new GraphBuilder(seed: 1);
        using var graph = builder.Build(builder.Add(layer, builder.Input("x", shape)));
        using var input = new Tensor(shape);
        for (int i = 0; i < shape.Count; i++)
            input.Span[i] = i == shape.Count / 2 ? float.NaN : 0.25f + (i / 100f);
        using var network = new CpuNetwork(graph, new NetworkOptions { Threads = 1 });
        return Array.ConvertAll(network.Run(input)[0].Span.ToArray(), float.IsNaN);
    }
}
