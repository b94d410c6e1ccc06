using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Graphs.Passes;
using RealtimeCnn.Layers;
using RealtimeCnn.Models;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Graphs;

/// <summary>A pooling of a join as the join of poolings: which parts are pooled where they are computed, and that nothing else changes.</summary>
[Collection(GlTests.Name)]
public sealed class JoinedPoolingTests(GlFixture gl)
{
    private static readonly PlanOptions Options = new(CpuKernels.Table);
    private static readonly string[] AtOnce = ["MaxPool2d/behind row tile", "AveragePool2d/behind row tile"], Plain = ["MaxPool2d/plain", "AveragePool2d/plain", "ConvolutionLayer/plain"];

    // On the CPU a kernel computes a depthwise convolution and its maximum: d, not the convolutions c. Numbers are channels.
    [Theory]
    [InlineData("d16 c32", "pool of d16, pool of c32")]
    [InlineData("c16 d5", "pool of c16, pool of d5")]
    [InlineData("d16 c8 c40 d16", "pool of d16, pool of join: rest, pool of d16'")]
    [InlineData("d16 d32 c3", "pool of d16, pool of d32, pool of c3")]
    [InlineData("d16 d16 d4", "pool of d16, pool of d16', pool of d4")]
    [InlineData("c16 d16 c16", null)] // One pooling more than there was.
    [InlineData("c16 c4", null)]
    [InlineData("d5 c16", null)] // Its end is no block's.
    [InlineData("c5 d16", null)]
    public void First_and_last_parts_that_a_kernel_pools_at_once_leave_the_join(string parts, string? expected)
    {
        using var graph = Join(new Shape(1, 16, 12, 10), parts, new MaxPool2d(2));
        var planned = JoinedPooling.Apart(graph, [], Options);
        Assert.Equal(graph.InferShapes()[graph.Outputs[0]], planned.InferShapes()[planned.Outputs[0]]);
        if (expected == null)
        {
            Assert.Equal(graph.Nodes, planned.Nodes);
            return;
        }

        Assert.Equal(("pool", expected), (planned.Outputs[0].Name, string.Join(", ", planned.Outputs[0].Inputs.Select(node => node.Name))));
        Assert.InRange(Plan.Build(planned, [], Options).Steps.Count, 1, Plan.Build(graph, [], Options).Steps.Count);
    }

    [Fact]
    public void What_somebody_else_reads_or_no_kernel_pools_stays_joined()
    {
        var shape = new Shape(1, 16, 12, 10);
        AssertStays(Join(shape, "d16 c16", new MaxPool2d(2)), Options with { KeepAll = true });
        AssertStays(Join(shape, "d16 c16", new MaxPool2d(2) { ReturnIndices = true }), Options);
        AssertStays(Join(shape, "d16 c16", new AveragePool2d(2)), Options);
        AssertStays(Join(shape, "d16 c16", new MaxPool2d(2), axis: 2), Options);
        AssertStays(Join(shape, "d16 c16", new MaxPool2d(2), also: "join"), Options);
        AssertStays(Join(shape, "d16 c16", new MaxPool2d(2), also: "d16"), Options);

        static void AssertStays(Graph graph, PlanOptions options)
        {
            using (graph)
                Assert.Equal(graph.Nodes, JoinedPooling.Apart(graph, [], options).Nodes);
        }
    }

    [Theory]
    [InlineData(1, 12, 10)]
    [InlineData(3, 9, 31)]
    public void The_CPU_computes_the_same_bits(int batch, int height, int width)
    {
        var shape = new Shape(batch, 16, height, width);
        foreach (string parts in new[] { "d16 c8 c21 c3", "d32 c16 d7" })
        {
            using var graph = Join(shape, parts, new MaxPool2d(2) { CeilMode = true });
            using var input = Special(shape);
            using CpuNetwork network = new(graph), kept = new(graph, new NetworkOptions { KeepAll = true });
            Assert.Equal(kept.Run(input)[0].Span.ToArray(), network.Run(input)[0].Span.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Poolings))]
    public void The_GPU_computes_the_same(PoolingLayer pool, string parts, int batch, int height, int width) => gl.Run(device =>
    {
        var shape = new Shape(batch, 16, height, width);
        using var graph = Join(shape, parts, pool);
        using var input = Special(shape);
        using var plain = new GpuNetwork(device, graph, new NetworkOptions { ForcedKernels = Plain });
        float[] expected = [.. plain.Run(input)[0].Span];
        foreach (var kind in new[] { ProfileKind.Software, ProfileKind.Discrete })
        {
            using var network = new GpuNetwork(device, graph, new NetworkOptions { Kernels = GpuKernels.For(DeviceProfile.Of(kind, device.Limits)), ForcedKernels = AtOnce });
            float[] actual = [.. network.Run(input)[0].Span];
            Assert.Equal(parts.Split(' ').Length, network.Profile([input]).Steps.Count(step => AtOnce.Contains(step.Kernel)));
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], actual[i], 4e-6f);
        }
    });

    public static TheoryData<PoolingLayer, string, int, int, int> Poolings => new()
    {
        { new MaxPool2d(3) { Stride = 2, CeilMode = true }, "p16 c12", 1, 27, 27 },
        { new MaxPool2d(3) { Stride = 2, Padding = 1 }, "c4 p8 p9", 1, 20, 23 },
        { new AveragePool2d(2) { CountIncludePad = false, Padding = 1 }, "p4 c7", 3, 14, 13 },
    };

    /// <summary>SqueezeNet's poolings stand behind joins: 1×1 is pooled at once, 3×3 stays Winograd's; no step more than before.</summary>
    [Fact]
    public void SqueezeNet_on_software_pools_a_narrow_half_at_once()
    {
        using var graph = ModelCatalog.Create("squeezenet1.1");
        using var fusion = new Fusion(graph, new NetworkOptions());
        fusion.Units().Finish();
        var options = new PlanOptions(GpuKernels.For(DeviceProfile.Of(ProfileKind.Software, GlLimits.Guaranteed with { StorageBlockBytes = 1 << 27, TextureBufferTexels = 1 << 27 })));
        var steps = Plan.Build(JoinedPooling.Apart(fusion.Result!, [], options), [], options).Steps;
        Assert.InRange(steps.Count, 1, Plan.Build(fusion.Result!, [], options).Steps.Count);
        Assert.Equal("behind row tile", steps.Single(step => step.Node.Name == "pool3 of fire3.Relu2").Kernel.Name);
        // Both parts of the join write into it: nothing is copied.
        Assert.DoesNotContain(steps, step => step.Call.Layer is CopyChannels);
    }

    // Parts are layers of one input: d depthwise, c 3×3 and p 1×1 convolutions, with their channels.
    private static Graph Join(Shape shape, string parts, PoolingLayer pool, int axis = 1, string? also = null)
    {
        var builder = new GraphBuilder(seed: 7);
        var x = builder.Input("x", shape);
        var nodes = new List<Node>();
        foreach (string part in parts.Split(' '))
        {
            int channels = int.Parse(part[1..], System.Globalization.CultureInfo.InvariantCulture);
            string name = nodes.Exists(node => node.Name == part) ? $"{part}'" : part;
            var from = part[0] == 'd' && channels != shape.Channels ? builder.Add(new PointwiseConv2d(shape.Channels, channels), x) : x;
            nodes.Add(builder.Add(part[0] switch
            {
                'd' => new DepthwiseConv2d(channels, 3) { Padding = 1, Activation = Activation.Relu6 },
                'c' => new Conv2d(shape.Channels, channels, 3) { Padding = 1, Activation = Activation.Relu },
                _ => new PointwiseConv2d(shape.Channels, channels) { Activation = Activation.Relu },
            }, [from], name: name));
        }

        var join = builder.Add(new Concat(axis), [.. nodes], name: "join");
        var last = builder.Add(pool, [join], name: "pool");
        return builder.Build([last, .. nodes.Append(join).Where(node => node.Name == also)]);
    }

    private static Tensor Special(Shape shape)
    {
        var tensor = Noise.Of(shape);
        tensor.Span[tensor.Span.Length / 3] = float.NaN;
        tensor.Span[tensor.Span.Length / 2] = float.NegativeInfinity;
        return tensor;
    }
}
