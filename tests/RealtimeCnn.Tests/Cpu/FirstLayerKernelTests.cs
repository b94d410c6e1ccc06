using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>The kernel of pictures beside the plain one: the same numbers, of any kind, and no conversion of the picture.</summary>
public class FirstLayerKernelTests
{
    private const string Kernel = "ConvolutionLayer/first layer", Twin = "ConvolutionLayer/plain";

    public static TheoryData<float> Specials => [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 3e38f];

    [Fact]
    public void A_picture_is_read_as_its_user_gives_it()
    {
        using var graph = Graph(new Conv2d(3, 20, 3) { Padding = 1, Stride = 2 }, new Shape(1, 3, 9, 21));
        using var network = new CpuNetwork(graph);
        Assert.Equal(["ConvolutionLayer/first layer", "ToPlain/plain"], Plan.Build(network.Graph, [], network.PlanOptions).Steps.Select(step => step.Kernel.ToString()));
    }

    /// <summary>Zeros over the edge, times a weight that is not finite, would be NaN; the plain kernel leaves them out.</summary>
    [Theory]
    [MemberData(nameof(Specials))]
    public void A_weight_that_is_not_finite_shows_where_its_element_exists(float special)
    {
        using var graph = Graph(new Conv2d(3, 20, 3) { Padding = 2, Activation = Activation.Relu6 }, new Shape(2, 3, 7, 19));
        using (var edit = graph.Parameters[0].Edit())
            edit.Values[2] = edit.Values[^1] = special;
        AssertSameAsTwin(graph, new Tensor(new Shape(2, 3, 7, 19), [.. Enumerable.Range(0, 2 * 3 * 7 * 19).Select(i => MathF.Cos(i))]));
    }

    [Theory]
    [MemberData(nameof(Specials))]
    public void An_input_that_is_not_finite_shows_where_a_window_sees_it(float special)
    {
        using var graph = Graph(new Conv2d(2, 36, 5) { Padding = 2, Stride = new Size2d(1, 2) }, new Shape(1, 2, 9, 40));
        var input = new Tensor(new Shape(1, 2, 9, 40), [.. Enumerable.Range(0, 2 * 9 * 40).Select(i => MathF.Sin(i))]);
        input.Span[0] = input.Span[403] = special;
        AssertSameAsTwin(graph, input);
    }

    private static Graph Graph(Conv2d layer, Shape shape)
    {
        var builder = new GraphBuilder(seed: 5);
        return builder.Build(builder.Add(layer, builder.Input("picture", shape)));
    }

    private static void AssertSameAsTwin(Graph graph, Tensor input)
    {
        using var network = new CpuNetwork(graph, new NetworkOptions { ForcedKernels = [Kernel] });
        using var twin = new CpuNetwork(graph, new NetworkOptions { ForcedKernels = [Twin] });
        using (input)
            Assert.Equal(twin.Run(input)[0].Span.ToArray(), network.Run(input)[0].Span.ToArray());
    }
}
