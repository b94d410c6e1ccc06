using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Onnx.Export;
using RealtimeCnn.OpenGL;
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
        var steps = new KernelTuner(device) { Measure = (_, _, _) => next *= 0.99 }.Run(graph);
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
        foreach (var layer in new[] { new DepthwiseConv2d(24, 3) { Padding = 1 }, new DepthwiseConv2d(24, 3) { Padding = 1, Stride = 2 }, new DepthwiseConv2d(24, 5) { Padding = 2 }, new DepthwiseConv2d(24, 5) { Padding = 2, Stride = 2 } })
        {
            all.Add(builder.Add(layer, all[^1]));
            all.Add(builder.Add(new PointwiseConv2d(24, 24), all[^1]));
        }

        using var graph = builder.Build([.. all]);
        var tried = new KernelTuner(device) { Measure = (_, _, _) => 1 }.Run(graph).SelectMany(step => step.Kernels).ToList();
        Assert.All(tried, kernel => Assert.Null(kernel.Problem));
        Assert.True(tried.Count(kernel => kernel.Name.Contains("other tile", StringComparison.Ordinal)) >= 8, string.Join(", ", tried.Select(kernel => kernel.Name)));
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

    private static Graph Net()
    {
        var builder = new GraphBuilder(seed: 3);
        var x = builder.Input("x", Picture);
        x = builder.Add(new Conv2d(8, 8, 3) { Padding = 1 }, x, name: "first");
        x = builder.Add(new PointwiseConv2d(8, 8), x, name: "second");
        return builder.Build(builder.Add(new Conv2d(8, 8, 3) { Padding = 1 }, x, name: "third"));
    }

    private static Func<GpuNetwork, Tensor[], string, double> LastIsFastest()
    {
        double next = 100;
        return (_, _, _) => next *= 0.5;
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
