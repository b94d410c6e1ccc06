using System.Reflection;
using System.Runtime.CompilerServices;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Export;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OutsideLayer;
using RealtimeCnn.SelfTests.Oracles;
using RealtimeCnn.Tests.OpenGL;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Outside;

/// <summary>A layer of an assembly that sees only what is public: docs/layers-from-outside.md.</summary>
[Collection(GlTests.Name)]
public class OutsideLayerTests(GlFixture gl)
{
    private static readonly Shape Picture = new(2, 7, 5, 9);
    private static readonly OnnxLoadOptions WithOperator = new() { Operators = [SoftThreshold.Operator] };

    [Fact]
    public void The_assembly_sees_only_what_is_public()
    {
        string name = typeof(SoftThreshold).Assembly.GetName().Name!;
        Assembly[] product = [typeof(Layer).Assembly, typeof(GpuNetwork).Assembly, typeof(OnnxModel).Assembly];
        Assert.DoesNotContain(product.SelectMany(assembly => assembly.GetCustomAttributes<InternalsVisibleToAttribute>()), friend => friend.AssemblyName == name);
    }

    [Fact]
    public void It_runs_on_the_CPU_with_any_number_of_threads()
    {
        using var graph = Alone();
        using var x = Noise.Of(Picture);
        using var one = new CpuNetwork(graph, new NetworkOptions { Threads = 1 });
        using var two = new CpuNetwork(graph, new NetworkOptions { Threads = 2, Sharing = SharingRule.Finest });
        var y = one.Run(x)[0];
        Closeness.Assert(Expected(x, graph.Nodes[^1]), y, 1e-7, "CPU");
        Assert.Equal(y.Span.ToArray(), two.Run(x)[0].Span.ToArray());
    }

    [Fact]
    public void It_runs_on_the_GPU_with_its_own_shader() => gl.Run(device =>
    {
        using var graph = Alone();
        using var x = Noise.Of(Picture);
        using var network = new GpuNetwork(device, graph);
        var y = network.Run(x)[0];
        Closeness.Assert(Expected(x, graph.Nodes[^1]), y, 1e-6, "GPU");
    });

    [Fact]
    public void Between_layers_of_this_library_both_backends_agree_on_every_node() => gl.Run(device =>
    {
        using var graph = Between();
        using var x = Noise.Of(new Shape(1, 3, 17, 23));
        using var comparer = new NetworkComparer(device, graph);
        var comparison = comparer.Compare([x]);
        Assert.True(comparison.Agrees, comparison.ToString());
        Assert.True(comparison.Nodes.Single(node => node.Layer == nameof(SoftThreshold)).OnGpu);
    });

    [Fact]
    public void In_a_mixed_network_a_layer_without_a_shader_is_the_CPU_s_and_the_others_stay() => gl.Run(device =>
    {
        var builder = new GraphBuilder(3);
        using var graph = builder.Build(builder.Start(Picture).Then(new SoftThreshold(7)).Relu().Then(new BadKernel()));
        using var x = Noise.Of(Picture);
        using var mixed = new MixedNetwork(device, graph);
        using var cpu = new CpuNetwork(graph);
        Assert.Equal([nameof(BadKernel)], mixed.Graph.Nodes.Where(node => mixed.BackendOf(node) == "cpu").Select(node => node.Layer.GetType().Name));
        Closeness.Assert(DoubleTensor.Of(cpu.Run(x)[0]), mixed.Run(x)[0], 1e-6, "mixed");
    });

    [Fact]
    public void It_goes_into_an_ONNX_file_in_its_own_domain_and_comes_back()
    {
        using var graph = Between();
        byte[] file = OnnxExporter.ToBytes(graph, null, [SoftThreshold.Operator]);
        using var model = OnnxModel.Load(file, "shrinking.onnx", WithOperator);
        var layer = Assert.IsType<SoftThreshold>(model.Graph.Nodes.Single(node => node.Layer is SoftThreshold).Layer);
        Assert.Equal(0.5f, layer.Gain);
        Assert.Empty(model.Notes);
        using var x = Noise.Of(new Shape(1, 3, 17, 23));
        using var before = new CpuNetwork(graph);
        using var after = new CpuNetwork(model.Graph);
        Assert.Equal(before.Run(x)[0].Span.ToArray(), after.Run(x)[0].Span.ToArray());

        string path = Path.GetTempFileName();
        model.Save(path);
        using var again = OnnxModel.Load(path, WithOperator);
        File.Delete(path);
        Assert.Equal(layer, again.Graph.Nodes.Single(node => node.Layer is SoftThreshold).Layer);
    }

    [Fact]
    public void Without_its_operator_a_file_says_what_to_give()
    {
        using var graph = Between();
        var unwritten = Assert.Throws<OnnxException>(() => OnnxExporter.ToBytes(graph));
        Assert.Contains("SoftThreshold 'shrink'", unwritten.Message, StringComparison.Ordinal);
        Assert.Contains("RealtimeCnn.OutsideLayer; give an OnnxOperator", unwritten.Message, StringComparison.Ordinal);
        byte[] file = OnnxExporter.ToBytes(graph, null, [SoftThreshold.Operator]);
        var unread = Assert.Throws<OnnxException>(() => OnnxModel.Load(file, "shrinking.onnx"));
        Assert.Contains("domain 'com.example'", unread.Message, StringComparison.Ordinal);
        Assert.Contains("OnnxLoadOptions.Operators holds, which is nothing", unread.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_operators_are_errors_that_name_them()
    {
        Assert.Contains("ONNX's own", Assert.Throws<ArgumentException>(() => OnnxOperator.For<Bare>("ai.onnx", "Bare", _ => new Bare(), (_, _) => { })).Message, StringComparison.Ordinal);
        using var graph = Between();
        var twice = Assert.Throws<ArgumentException>(() => OnnxExporter.ToBytes(graph, null, [SoftThreshold.Operator, SoftThreshold.Operator]));
        Assert.Contains("two operators for SoftThreshold", twice.Message, StringComparison.Ordinal);
        byte[] file = OnnxExporter.ToBytes(graph, null, [SoftThreshold.Operator]);
        var throwing = OnnxOperator.For<SoftThreshold>("com.example", "SoftThreshold", _ => throw new NotImplementedException("not yet"), (_, _) => { });
        var error = Assert.Throws<OnnxException>(() => OnnxModel.Load(file, "shrinking.onnx", new OnnxLoadOptions { Operators = [throwing] }));
        Assert.Contains("com.example.SoftThreshold of assembly RealtimeCnn.OutsideLayer: reading it failed: not yet", error.Message, StringComparison.Ordinal);
        var fewer = OnnxOperator.For("com.example", "SoftThreshold", _ => new SoftThreshold(4), (_, _) => { });
        error = Assert.Throws<OnnxException>(() => OnnxModel.Load(file, "shrinking.onnx", new OnnxLoadOptions { Operators = [fewer] }));
        Assert.Contains("threshold: has shape [7]; SoftThreshold needs [4]", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_CPU_kernel_that_throws_is_named_and_the_next_run_is_a_fresh_one(int threads)
    {
        using var graph = Chain(new BadKernel());
        using var network = new CpuNetwork(graph, new NetworkOptions { Threads = threads, Sharing = SharingRule.Finest });
        using var negative = new Tensor(new Shape(6), [1, 2, 3, 4, -5, 6]);
        var error = Assert.Throws<InvalidOperationException>(() => network.Run(negative));
        Assert.Equal("BadKernel 'mine' of assembly RealtimeCnn.OutsideLayer: its CPU kernel failed: element 4 is negative", error.Message);
        using var positive = new Tensor(new Shape(6), [1, 2, 3, 4, 5, 6]);
        Assert.Equal(positive.Span.ToArray(), network.Run(positive)[0].Span.ToArray());
    }

    [Fact]
    public void A_plan_that_throws_is_named()
    {
        using var graph = Chain(new BadKernel(WhilePlanning: true));
        var error = Assert.Throws<InvalidOperationException>(() => RunOnCpu(graph));
        Assert.Equal("BadKernel 'mine' of assembly RealtimeCnn.OutsideLayer: planning its CPU kernel failed: no plan", error.Message);
    }

    [Theory]
    [InlineData("not_glsl.comp", "not_glsl.comp:7: ")]
    [InlineData("nowhere.comp", "There is no shader 'nowhere.comp'. There are: not_glsl.comp, shrink.glsl, soft_threshold.comp.")]
    public void A_shader_that_does_not_compile_is_named(string shader, string reason) => gl.Run(device =>
    {
        using var graph = Chain(new BadShader(shader));
        using var network = new GpuNetwork(device, graph);
        using var x = Noise.Of(new Shape(6));
        var error = Assert.Throws<InvalidOperationException>(() => network.Run(x));
        Assert.StartsWith($"BadShader 'mine' of assembly RealtimeCnn.OutsideLayer: its shader '{shader}' failed: {reason}", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_layer_that_brings_no_kernel_says_so()
    {
        using var bare = Chain(new Bare());
        var error = Assert.Throws<NotSupportedException>(() => RunOnCpu(bare));
        Assert.Equal("Bare 'mine' of assembly RealtimeCnn.OutsideLayer brings no kernel of the CPU backend that fits its inputs ([6]). ICustomLayer.Kernels is where it can.", error.Message);
        using var shaderOnly = Chain(new BadShader("not_glsl.comp"));
        Assert.Throws<NotSupportedException>(() => RunOnCpu(shaderOnly));
    }

    [Fact]
    public void Steady_runs_allocate_nothing()
    {
        using var graph = Alone();
        using var x = Noise.Of(Picture);
        using var network = new CpuNetwork(graph, new NetworkOptions { Threads = 1 });
        Tensor[] inputs = [x];
        network.Run(inputs);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
            network.Run(inputs);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Graph Alone()
    {
        var builder = new GraphBuilder();
        var threshold = new Tensor(new Shape(7), [0, 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 2]);
        return builder.Build(builder.Add(new SoftThreshold(7) { Gain = 1.5f }, builder.Input("x", Picture), [threshold], "shrink"));
    }

    private static Graph Between()
    {
        var builder = new GraphBuilder(5);
        var x = builder.Start(new Shape(1, 3, 17, 23));
        return builder.Build(x.Conv2d(7, 3, padding: 1).Then(new SoftThreshold(7) { Gain = 0.5f }, "shrink").Conv2d(5, 3));
    }

    private static Graph Chain(Layer layer)
    {
        var builder = new GraphBuilder();
        return builder.Build(builder.Add(layer, builder.Input("x", new Shape(6)), name: "mine"));
    }

    private static void RunOnCpu(Graph graph)
    {
        using var network = new CpuNetwork(graph);
        using var x = Noise.Of(new Shape(6));
        network.Run(x);
    }

    private static DoubleTensor Expected(Tensor x, Node node) => DoubleTensor.Fill(x.Shape, (n, c, h, w) =>
    {
        double value = x[n, c, h, w];
        return ((SoftThreshold)node.Layer).Gain * Math.Sign(value) * Math.Max(Math.Abs(value) - node.Parameters[0].Values[c], 0);
    });
}
