using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>Graphs of which only a part has GPU kernels.</summary>
[Collection(GlTests.Name)]
public sealed class MixedNetworkTests(GlFixture gl)
{
    [Fact]
    public void Nodes_without_a_kernel_run_on_the_CPU_and_the_result_is_the_same()
    {
        using var graph = Mixed();
        using var input = Noise.Of(new Shape(1, 3, 6, 5));
        using var reference = new CpuNetwork(graph, new NetworkOptions { Threads = 1 });
        var expected = reference.Run(input);
        gl.Run(device =>
        {
            using var network = new MixedNetwork(device, graph);
            // The sum is fused into the second convolution.
            Assert.Equal([("Conv2d", "gpu"), ("Einsum", "cpu"), ("PointwiseConv2d", "gpu"), ("Einsum", "cpu")], Places(network));
            for (int run = 0; run < 2; run++)
                AssertClose(expected, network.Run(input));
        });
    }

    [Fact]
    public void A_graph_with_all_kernels_stays_on_the_GPU_as_one_part()
    {
        var builder = new GraphBuilder(3);
        using var graph = builder.Build(builder.Add(new Relu(), builder.Add(new Conv2d(3, 4, 3), builder.Input("x", new Shape(1, 3, 6, 5)))));
        using var input = Noise.Of(new Shape(1, 3, 6, 5));
        using var reference = new CpuNetwork(graph, new NetworkOptions { Threads = 1 });
        var expected = reference.Run(input);
        gl.Run(device =>
        {
            using var network = new MixedNetwork(device, graph);
            Assert.Equal([("Conv2d", "gpu")], Places(network));
            AssertClose(expected, network.Run(input));
        });
    }

    /// <summary>Values and indices are computed by a shader, and read beyond the cut, where only the CPU has kernels, and as outputs.</summary>
    [Fact]
    public void All_outputs_of_a_node_cross_the_cut()
    {
        var builder = new GraphBuilder();
        var x = builder.Input("x", new Shape(3, 7));
        var largest = builder.Add(new TopK(3, 1), builder.Add(new Neg(), x));
        var indices = builder.Add(new NodeOutput(1), largest);
        var gathered = builder.Add(new GatherElements(1), [x, indices]);
        using var graph = builder.Build(builder.Add(new Einsum("nk,nk->n"), [largest, gathered]), builder.Add(new Neg(), gathered), indices);
        using var input = Noise.Of(new Shape(3, 7));
        using var reference = new CpuNetwork(graph, new NetworkOptions { Threads = 1 });
        var expected = reference.Run(input);
        gl.Run(device =>
        {
            using var network = new MixedNetwork(device, graph);
            Assert.Contains(("TopK", "gpu"), Places(network));
            Assert.Contains(("GatherElements", "cpu"), Places(network));
            for (int run = 0; run < 2; run++)
                AssertClose(expected, network.Run(input));
        });
    }

    [Fact]
    public void Inputs_and_constants_can_be_outputs()
    {
        var builder = new GraphBuilder();
        var x = builder.Input("x", new Shape(2));
        var constant = builder.Add(new Constant(new Shape(3)), [], [new Tensor(new Shape(3), [1, 2, 3])]);
        using var graph = builder.Build(x, constant, builder.Add(new Neg(), x));
        using var input = new Tensor(new Shape(2), [4, 5]);
        gl.Run(device =>
        {
            using var network = new MixedNetwork(device, graph);
            var outputs = network.Run(input);
            Assert.Equal([4f, 5], outputs[0].Span.ToArray());
            Assert.Equal([1f, 2, 3], outputs[1].Span.ToArray());
            Assert.Equal([-4f, -5], outputs[2].Span.ToArray());
        });
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        using var graph = Mixed();
        using var input = Noise.Of(new Shape(1, 3, 6, 5));
        long before = Tensor.LiveBytes;
        gl.Run(device =>
        {
            using var network = new MixedNetwork(device, graph);
            network.Run(input);
        });
        Assert.Equal(before, Tensor.LiveBytes);
    }

    /// <summary>GPU, CPU, GPU, CPU: values cross over four times, and one skips a part.</summary>
    private static Graph Mixed()
    {
        var builder = new GraphBuilder(7);
        var x = builder.Input("x", new Shape(1, 3, 6, 5));
        var first = builder.Add(new Conv2d(3, 4, 3) { Padding = 1 }, x);
        var turned = builder.Add(new Einsum("nchw->nchw"), first);
        var second = builder.Add(new PointwiseConv2d(4, 4), turned);
        var sum = builder.Add(new Add(), [second, first]);
        return builder.Build(builder.Add(new Einsum("nchw->nc"), sum), sum);
    }

    private static (string Layer, string Backend)[] Places(MixedNetwork network) =>
        [.. network.Graph.Nodes.Where(node => node.Layer is not Input).Select(node => (node.Layer.GetType().Name, network.BackendOf(node)))];

    private static void AssertClose(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> given)
    {
        for (int output = 0; output < expected.Count; output++)
        {
            Assert.Equal(expected[output].Shape, given[output].Shape);
            for (int i = 0; i < expected[output].Shape.Count; i++)
                Assert.Equal(expected[output].Span[i], given[output].Span[i], 1e-4f);
        }
    }
}
