using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Interpretation;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Interpretation;

[Collection(GlTests.Name)]
public class ChannelGainTests(GlFixture gl)
{
    /// <summary>A gain on what a convolution gives is its weights and bias times that; behind its ReLU too, as long as it is not below 0.</summary>
    [Theory]
    [InlineData("conv")]
    [InlineData("relu")]
    [InlineData("linear")]
    public void Muting_and_amplifying_a_channel_is_zeroing_and_scaling_its_weights_on_both_backends(string node)
    {
        float[] gains = [1, 0, 4, 1, 0.5f];
        using var plain = Net();
        using var scaled = Net();
        string weighted = node == "relu" ? "conv" : node;
        foreach (var parameter in scaled[weighted].Parameters)
        {
            using var edit = parameter.Edit();
            int each = parameter.Shape.Count / gains.Length;
            for (int i = 0; i < edit.Values.Length; i++)
                edit.Values[i] *= gains[i / each];
        }

        using var x = Noise.Of(new Shape(1, 2, 9, 7), 4);
        using var expecting = new CpuNetwork(scaled);
        using var expected = expecting.Run(x)[0].Clone();
        using var channelGains = new ChannelGains(plain);
        var gained = channelGains.Behind(node);
        using var network = new CpuNetwork(gained);
        using var before = network.Run(x)[0].Clone();
        using (var untouched = new CpuNetwork(plain))
            AssertClose(untouched.Run(x)[0], before);
        // The same network, between two runs.
        channelGains.Write(node, gains);
        AssertClose(expected, network.Run(x)[0]);
        Assert.True(Differs(expected, before));
        gl.Run(device =>
        {
            channelGains.Write(node, [1, 1, 1, 1, 1]);
            using var onGpu = new GpuNetwork(device, gained);
            AssertClose(before, onGpu.Run(x)[0]);
            channelGains.Write(node, gains);
            AssertClose(expected, onGpu.Run(x)[0]);
        });
    }

    [Fact]
    public void Nodes_keep_their_names_and_a_network_without_gains_is_the_network()
    {
        using var graph = Net();
        using var gains = new ChannelGains(graph);
        Assert.Equal(graph.Nodes, gains.Behind().Nodes);
        var gained = gains.Behind("relu", "linear");
        Assert.Equal(["linear"], gained.Outputs.Select(output => output.Name));
        Assert.Subset(gained.Nodes.Select(one => one.Name).ToHashSet(), graph.Nodes.Select(one => one.Name).ToHashSet());
        Assert.Equal(graph.Nodes.Count + 2, gained.Nodes.Count);
        // The same gains in another network of theirs.
        Assert.Same(gained["relu"].Parameters[0], gains.Behind("relu")["relu"].Parameters[0]);
    }

    [Fact]
    public void What_has_no_channels_is_refused()
    {
        using var graph = Net();
        using var gains = new ChannelGains(graph);
        Assert.Contains("no channels", Assert.Throws<ArgumentException>(() => gains.Behind("x")).Message, StringComparison.Ordinal);
        Assert.Throws<KeyNotFoundException>(() => gains.Behind("nobody"));
        Assert.Throws<ShapeException>(() => gains.Write("conv", [1, 2]));
    }

    private static Graph Net()
    {
        var builder = new GraphBuilder(seed: 6);
        var x = builder.Input("x", new Shape(1, 2, 9, 7));
        var conv = builder.Add(new Conv2d(2, 5, 3) { Padding = 1 }, x, name: "conv");
        var relu = builder.Add(new Relu(), conv, name: "relu");
        var pooled = builder.Add(new Flatten(), builder.Add(new GlobalAveragePool(), builder.Add(new DepthwiseConv2d(5, 3), relu)));
        return builder.Build(builder.Add(new Linear(5, 5), pooled, name: "linear"));
    }

    private static bool Differs(Tensor a, Tensor b) => Enumerable.Range(0, a.Shape.Count).Any(i => Math.Abs(a.Span[i] - b.Span[i]) > 1e-3);

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        for (int i = 0; i < expected.Shape.Count; i++)
            Assert.Equal(expected.Span[i], actual.Span[i], 1e-5);
    }
}
