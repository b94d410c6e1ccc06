using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Onnx.Export;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.OpenGL.Shaders;
using RealtimeCnn.SelfTests.Oracles;
using RealtimeCnn.Tests.Cli;
using RealtimeCnn.Tests.OpenGL.Caching;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>Kernels are measured on request, checked before they count, and taken by later networks of the device.</summary>
[Collection(GlTests.Name)]
public sealed class KernelTunerTests(GlFixture gl) : IDisposable
{
    private static readonly Shape Picture = new(1, 8, 12, 12);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_fastest_of_at_most_four_is_taken_by_later_networks_and_after_a_new_start()
    {
        using var graph = Net();
        using var input = Noise.Of(Picture);
        using var reference = new RealtimeCnn.Cpu.CpuNetwork(graph);
        var expected = DoubleTensor.Of(reference.Run(input)[0]);
        string chosen = OnDevice(device =>
        {
            var tuner = new KernelTuner(device) { Measure = LastIsFastest() };
            var steps = tuner.Run(graph);
            // Two convolutions are alike.
            Assert.Equal([["first", "third"], ["second"]], steps.Select(step => step.Nodes));
            Assert.All(steps, step => Assert.InRange(step.Kernels.Count, 2, KernelTuner.MostCandidates));
            Assert.All(steps, step => Assert.Equal(step.Kernels[^1].Name, step.Chosen));
            Assert.Contains(steps[1].Kernels, kernel => kernel.Name.Contains("other tile", StringComparison.Ordinal));
            Assert.Equal(["measured", "measured", "measured"], Reasons(device, graph, input, expected));
            Assert.NotEqual("measured", Reasons(device, graph, input, expected, new NetworkOptions { ForcedKernels = ["ConvolutionLayer/plain"] })[0]);
            return steps[0].Chosen;
        });
        OnDevice(device =>
        {
            Assert.Equal(["measured", "measured", "measured"], Reasons(device, graph, input, expected));
            using var network = new GpuNetwork(device, graph);
            Assert.EndsWith("/" + chosen.Split(',')[0], network.Profile([input]).Steps.First(step => step.Nodes[0] == "first").Kernel.Split(',')[0], StringComparison.Ordinal);
            return 0;
        });
        _folder.Damage();
        OnDevice(device =>
        {
            Assert.DoesNotContain("measured", Reasons(device, graph, input, expected));
            return 0;
        });
    }

    [Fact]
    public void Little_is_no_gain_and_what_the_rule_takes_stays() => OnDevice(device =>
    {
        using var graph = Net();
        double next = 1;
        var steps = new KernelTuner(device) { Measure = _ => next *= 0.99 }.Run(graph);
        Assert.All(steps, step => Assert.Equal((step.Kernels[0].Name, 1), (step.Chosen, step.Gain)));
        return 0;
    });

    [Theory]
    [InlineData(ProfileKind.Software)]
    [InlineData(ProfileKind.Discrete)]
    public void Every_tile_that_is_tried_computes_what_the_plain_kernel_does(ProfileKind kind) => gl.RunFresh(new() { Profile = kind }, device =>
    {
        var builder = new GraphBuilder(seed: 4);
        var x = builder.Input("x", new Shape(1, 5, 33, 30));
        // Each value is an output, so that none is inside a kernel of several nodes.
        List<Node> all = [builder.Add(new Conv2d(5, 24, 3) { Padding = 1, Activation = Activation.Relu }, x)];
        foreach (var layer in new[] { new DepthwiseConv2d(24, 3) { Padding = 1 }, new DepthwiseConv2d(24, 5) { Padding = 2, Stride = 2 } })
        {
            all.Add(builder.Add(layer, all[^1]));
            all.Add(builder.Add(new PointwiseConv2d(24, 24), all[^1]));
        }

        using var graph = builder.Build([.. all]);
        var tried = new KernelTuner(device) { Measure = _ => 1 }.Run(graph).SelectMany(step => step.Kernels).ToList();
        Assert.All(tried, kernel => Assert.Null(kernel.Problem));
        Assert.True(tried.Count(kernel => kernel.Name.Contains("other tile", StringComparison.Ordinal)) >= 6, string.Join(", ", tried.Select(kernel => kernel.Name)));
    });

    [Fact]
    public void What_computes_something_else_does_not_count_however_fast_it_is() => OnDevice(device =>
    {
        using var graph = Net();
        string text = ShaderLibrary.ReadEmbedded("layers/conv2d_tile.comp")!;
        const string Main = "void main()\n{";
        Assert.Contains(Main, text, StringComparison.Ordinal);
        using var programs = new ProgramCache(device, new ShaderLibrary(
            ShaderLibrary.Embedded.Paths, path => path == "layers/conv2d_tile.comp" ? text.Replace(Main, Main + "\n    if (gl_GlobalInvocationID.x == 1u) return;", StringComparison.Ordinal) : ShaderLibrary.ReadEmbedded(path)));
        var steps = new KernelTuner(device) { Programs = programs }.Run(graph);
        var wrong = steps.SelectMany(step => step.Kernels).Where(kernel => kernel.Problem != null).ToList();
        Assert.NotEmpty(wrong);
        Assert.All(wrong, kernel => Assert.StartsWith("tile", kernel.Name, StringComparison.Ordinal));
        Assert.All(wrong, kernel => Assert.StartsWith("its error is ", kernel.Problem, StringComparison.Ordinal));
        Assert.All(steps, step => Assert.Null(step.Kernels.First(kernel => kernel.Name == step.Chosen).Problem));
        return 0;
    });

    /// <summary>Where a rule would not join nodes, a measurement may, and the other way round; then the layers between are calls of their own.</summary>
    [Theory]
    [InlineData(ProfileKind.Software, true)]
    [InlineData(ProfileKind.Discrete, false)]
    public void Nodes_are_computed_together_or_apart_as_was_measured_and_after_a_new_start_too(ProfileKind kind, bool together)
    {
        using var graph = Answering();
        using var input = Noise.Of(graph.InputShapes[0]);
        using var reference = new RealtimeCnn.Cpu.CpuNetwork(graph);
        var expected = DoubleTensor.Of(reference.Run(input)[0]);
        var options = new GlDeviceOptions { CacheFolder = _folder.Path, Profile = kind };
        string[] joined = ["MaxPool2d/behind convolution", "ConvolutionLayer/inverted residual", "Linear/behind pooling", "Linear/chain", "TopK/behind softmax"];
        gl.RunFresh(options, device =>
        {
            Assert.NotEqual(together, Kernels(device).Contains(joined[1]));
            var steps = new KernelTuner(device) { Measure = plan => together ? plan.DispatchCount : 100.0 / plan.DispatchCount }.Run(graph);
            var blocks = steps.Where(step => step.Kernels.Any(kernel => kernel.Name == "layer by layer")).ToList();
            Assert.All(blocks, block => Assert.All(block.Kernels, kernel => Assert.Null(kernel.Problem)));
            Assert.All(blocks, block => Assert.InRange(block.Kernels.Count, 2, KernelTuner.MostCandidates));
            Assert.All(blocks, block => Assert.Equal(together, block.Chosen != "layer by layer"));
            // Two inverted residuals are alike.
            Assert.Equal(
                [["likely + best"], ["hidden + scores"], ["mean + row + features"], ["again expand + again filter + again project", "expand + filter + project"], ["edges + halved"]],
                blocks.Select(block => block.Nodes));
            return 0;
        });
        gl.RunFresh(options, device =>
        {
            Assert.All(joined, kernel => Assert.Equal(together, Kernels(device).Contains(kernel)));
            return 0;
        });

        string[] Kernels(GlDevice device)
        {
            using var network = new GpuNetwork(device, graph);
            var (outputs, steps) = network.Profile([input]);
            Closeness.Assert(expected, outputs[0], 1e-5, "tuned");
            return [.. steps.Select(step => step.Kernel)];
        }
    }

    [Fact]
    public void A_block_that_computes_something_else_than_its_layers_does_not_count() => OnDevice(device =>
    {
        using var graph = Answering();
        string text = ShaderLibrary.ReadEmbedded("layers/linear_chain.comp")!;
        const string Store = "void main()\n{";
        Assert.Contains(Store, text, StringComparison.Ordinal);
        using var programs = new ProgramCache(device, new ShaderLibrary(
            ShaderLibrary.Embedded.Paths, path => path == "layers/linear_chain.comp" ? text.Replace(Store, Store + "\n    if (gl_LocalInvocationID.x == 1u) return;", StringComparison.Ordinal) : ShaderLibrary.ReadEmbedded(path)));
        var step = new KernelTuner(device) { Programs = programs }.Run(graph).Single(step => step.Nodes[0] == "hidden + scores");
        Assert.StartsWith("its error is ", step.Kernels.Single(kernel => kernel.Name == "chain").Problem, StringComparison.Ordinal);
        Assert.NotEqual("chain", step.Chosen);
        return 0;
    });

    [Fact]
    public void The_command_prints_a_line_for_each_call_and_bench_says_measured_then()
    {
        string model = Path.Combine(_folder.Path, "net.onnx");
        using (var graph = Net())
            OnnxExporter.Write(model, graph);
        string? before = Environment.GetEnvironmentVariable("RTCNN_CACHE");
        try
        {
            Environment.SetEnvironmentVariable("RTCNN_CACHE", _folder.Path);
            var (code, output, error) = CommandLineTests.Run("tune", model);
            Assert.Equal((0, ""), (code, error));
            Assert.Matches(@"first and 1 more \[1, 8, 12, 12\]: .+ times as fast \(.+ ms; .+ ms", output);
            Assert.Matches(@"2 calls measured, \d of them have another kernel now: [0-9.]+ → [0-9.]+ ms\s*$", output);
            string layers = CommandLineTests.Run("bench", model, "--layers", "--backend", "gpu", "--runs", "1", "--warmup", "0").Output;
            Assert.Matches(" measured ", layers);
        }
        finally
        {
            Environment.SetEnvironmentVariable("RTCNN_CACHE", before);
        }
    }

    /// <summary>One of each that a kernel computes several nodes of, an inverted residual twice.</summary>
    private static Graph Answering()
    {
        var builder = new GraphBuilder(seed: 6);
        var x = builder.Start(new Shape(1, 3, 24, 24)).Conv2d(8, 3, padding: 1, name: "edges").MaxPool2d(2, stride: 2, name: "halved");
        foreach (string again in new[] { "", "again " })
            x = x.PointwiseConv2d(24).Relu6(again + "expand").DepthwiseConv2d(3, padding: 1).Relu6(again + "filter").PointwiseConv2d(8, name: again + "project");
        x = x.GlobalAveragePool("mean").Flatten("row").Linear(30, name: "features").Softmax();
        x = x.Linear(20).Relu("hidden").Linear(12, name: "scores");
        return builder.Build(x.Softmax(name: "likely").Then(new TopK(3), "best"));
    }

    private static Graph Net()
    {
        var builder = new GraphBuilder(seed: 3);
        var x = builder.Input("x", Picture);
        x = builder.Add(new Conv2d(8, 8, 3) { Padding = 1 }, x, name: "first");
        x = builder.Add(new PointwiseConv2d(8, 8), x, name: "second");
        return builder.Build(builder.Add(new Conv2d(8, 8, 3) { Padding = 1 }, x, name: "third"));
    }

    private static Func<GpuPlan, double> LastIsFastest()
    {
        double next = 100;
        return _ => next *= 0.5;
    }

    private static string[] Reasons(GlDevice device, Graph graph, Tensor input, DoubleTensor expected, NetworkOptions? options = null)
    {
        using var network = new GpuNetwork(device, graph, options);
        var (outputs, steps) = network.Profile([input]);
        Closeness.Assert(expected, outputs[0], 1e-5, "tuned");
        return [.. steps.Where(step => step.MultiplyAccumulates > 0).Select(step => step.Reason)];
    }

    private T OnDevice<T>(Func<GlDevice, T> work) => gl.RunFresh(new() { CacheFolder = _folder.Path }, work);
}
