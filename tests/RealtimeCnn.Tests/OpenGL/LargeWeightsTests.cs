using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.SelfTests.Oracles;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>Parameters that a device cannot read at once, on one that allows what OpenGL guarantees: 1 MiB in a buffer texture.</summary>
[Collection(GlTests.Name)]
public sealed class LargeWeightsTests(GlFixture gl)
{
    private static readonly GlDeviceOptions Poor = new() { OnlyGuaranteed = true, ReadPath = ReadPath.Texels };

    [Fact]
    public void They_go_to_the_CPU_with_their_layer_and_the_rest_stays()
    {
        using var graph = Net();
        using var input = Noise.Of(graph.InputShapes[0]);
        gl.RunFresh(Poor, device =>
        {
            using var network = Networks.Create(graph, "gpu", device);
            Assert.Equal("mixed", network.Backend);
            Assert.Equal(["gpu", "cpu", "gpu"], network.Graph.Nodes.Where(node => node.Layer is ConvolutionLayer).Select(network.BackendOf));
            using var cpu = new CpuNetwork(graph);
            Closeness.Assert(DoubleTensor.Of(cpu.Run(input)[0]), network.Run(input)[0], 1e-5, "output");
        });
    }

    [Fact]
    public void A_network_of_the_device_alone_names_the_layer_and_what_to_do()
    {
        using var graph = Net();
        gl.RunFresh(Poor, device =>
        {
            using var network = new GpuNetwork(device, graph);
            using var build = network.Prepare();
            var problem = Assert.Throws<GlException>(() => build.Finish());
            Assert.Contains("Conv2d 'large': its parameters take 4718592 bytes", problem.Message, StringComparison.Ordinal);
            Assert.Contains("MixedNetwork", problem.Message, StringComparison.Ordinal);
        });
    }

    private static Graph Net()
    {
        var builder = new GraphBuilder(seed: 8);
        var x = builder.Add(new PointwiseConv2d(4, 256), builder.Input("x", new Shape(1, 4, 3, 3)), name: "before");
        x = builder.Add(new Conv2d(256, 512, 3) { Padding = 1 }, x, name: "large");
        return builder.Build(builder.Add(new PointwiseConv2d(512, 4), x, name: "behind"));
    }
}
