using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>Winograd's kernel beside its twin, the tile kernel, where cases with oracles would take too long or say too little.</summary>
public class WinogradKernelTests
{
    private const string Twin = "ConvolutionLayer/tile", Form4 = "ConvolutionLayer/winograd 4×4", Form2 = "ConvolutionLayer/winograd 2×2";

    /// <summary>The form, channels in and out, height and width.</summary>
    public static TheoryData<string, int, int, int, int> Pictures => new()
    {
        { Form4, 32, 32, 60, 61 },
        { Form4, 64, 40, 189, 187 },
        { Form4, 320, 32, 14, 14 },
        { Form2, 192, 192, 8, 7 },
    };

    /// <summary>What stands in the middle of the input or of the weights.</summary>
    public static TheoryData<string, float> Specials => new()
    {
        { Form4, float.NaN }, { Form4, float.PositiveInfinity }, { Form4, float.NegativeInfinity }, { Form4, 3e38f },
        { Form2, float.NaN }, { Form2, float.PositiveInfinity }, { Form2, float.NegativeInfinity }, { Form2, 3e38f },
    };

    [Theory]
    [MemberData(nameof(Pictures))]
    public void It_computes_what_its_twin_computes_on_any_number_of_threads(string kernel, int channels, int outputs, int height, int width)
    {
        using var graph = Convolution(channels, outputs, height, width, new Activation(ActivationFunction.Relu));
        using var input = Numbers(graph.InputShapes[0], 1);
        float[] alone = Run(graph, input, 1, kernel);
        Assert.Equal(alone, Run(graph, input, 2, kernel));
        Assert.Equal(alone, Run(graph, input, 5, kernel));
        using var expected = new Tensor(new Shape(1, outputs, height, width), Run(graph, input, 1, Twin));
        using var actual = new Tensor(expected.Shape, alone);
        Closeness.Assert(DoubleTensor.Of(expected), actual, 5e-6, kernel);
    }

    /// <summary>Few pixels share weights that come from memory: the fewer they are, the less may be spent on weights.</summary>
    [Theory]
    [InlineData(64, 56, Form4)]
    [InlineData(128, 28, Form4)]
    [InlineData(256, 14, Form2)]
    [InlineData(512, 7, Twin)]
    [InlineData(16, 224, Twin)]
    [InlineData(3, 224, "ConvolutionLayer/first layer")]
    public void The_more_pixels_share_a_weight_the_larger_is_the_form(int channels, int side, string kernel)
    {
        using var graph = Convolution(channels, channels, side, side, Activation.Relu);
        using var network = new CpuNetwork(graph);
        Assert.Contains(kernel, Plan.Build(network.Graph, [], network.PlanOptions).Steps.Select(step => step.Kernel.ToString()));
    }

    /// <summary>Elsewhere than in its windows nothing may show, and in them what IEEE 754 says.</summary>
    [Theory]
    [MemberData(nameof(Specials))]
    public void An_input_that_is_not_finite_or_huge_shows_where_a_window_sees_it(string kernel, float special)
    {
        using var graph = Chosen(kernel);
        using var input = Numbers(graph.InputShapes[0], 2);
        input.Span[(input.Shape.Count / 2) + 3] = special;
        AssertAlike(Run(graph, input, 1, Twin), Run(graph, input, 2, kernel), special);
    }

    [Theory]
    [MemberData(nameof(Specials))]
    public void A_weight_that_is_not_finite_or_huge_shows_in_its_output_where_its_element_exists(string kernel, float special)
    {
        using var graph = Chosen(kernel);
        using var input = Numbers(graph.InputShapes[0], 3);
        using (var edit = graph.Parameters[0].Edit())
            edit.Values[9 * 40] = special;
        float[] actual = Run(graph, input, 2, kernel);
        AssertAlike(Run(graph, input, 1, Twin), actual, special);
        Assert.Contains(actual, float.IsFinite);
    }

    private static Graph Chosen(string kernel) => kernel == Form4 ? Convolution(48, 48, 17, 15, default) : Convolution(192, 192, 8, 7, default);

    private static Graph Convolution(int channels, int outputs, int height, int width, Activation activation)
    {
        var builder = new GraphBuilder(seed: 5);
        var x = builder.Input("x", new Shape(1, channels, height, width));
        return builder.Build(builder.Add(new Conv2d(channels, outputs, 3) { Padding = 1, Activation = activation }, x));
    }

    private static Tensor Numbers(Shape shape, int seed)
    {
        var random = new Random(seed);
        return new Tensor(shape, [.. Enumerable.Range(0, shape.Count).Select(_ => (random.NextSingle() * 2) - 1)]);
    }

    private static float[] Run(Graph graph, Tensor input, int threads, string kernel)
    {
        using var network = new CpuNetwork(graph, new NetworkOptions { Threads = threads, Sharing = SharingRule.Finest, ForcedKernels = [kernel] });
        Assert.Contains(kernel, Plan.Build(network.Graph, [], network.PlanOptions).Steps.Select(step => step.Kernel.ToString()));
        return network.Run(input)[0].Span.ToArray();
    }

    private static void AssertAlike(float[] expected, float[] actual, float special)
    {
        double largest = expected.Where(float.IsFinite).Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            bool alike = float.IsFinite(expected[i]) ? Math.Abs((double)expected[i] - actual[i]) <= 1e-5 * largest : expected[i].Equals(actual[i]);
            Assert.True(alike, $"With {special}, element {i} is {actual[i]} instead of {expected[i]}.");
        }
    }
}
