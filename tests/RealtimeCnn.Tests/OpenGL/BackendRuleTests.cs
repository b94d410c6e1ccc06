using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.Tests.Contract;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>Which backend a graph gets by name: the rule without a device, and networks with one.</summary>
[Collection(GlTests.Name)]
public sealed class BackendRuleTests(GlFixture gl)
{
    [Theory]
    [InlineData("cpu", false, false, "it was asked for.")]
    [InlineData("cpu", true, false, "it was asked for.")]
    [InlineData("auto", false, false, "there is no OpenGL device.")]
    [InlineData("auto", true, true, "'renderer' is OpenGL in software, several times slower than the CPU path.")]
    [InlineData("auto", true, false, null)]
    [InlineData("gpu", true, true, null)]
    public void The_CPU_may_be_it_whatever_the_graph(string asked, bool hasDevice, bool isSoftware, string? reason) =>
        Assert.Equal(reason, BackendRule.WithoutGraph(asked, hasDevice ? Device(isSoftware) : null));

    [Theory]
    [InlineData("auto", "", 1, "gpu", "every layer has a shader.")]
    [InlineData("gpu", "", 1, "gpu", "every layer has a shader.")]
    [InlineData("auto", "Einsum,TopK", 0.9, "mixed", "no shader computes Einsum, TopK; 90 % of the work is the GPU's.")]
    [InlineData("auto", "Einsum", 0.4, "cpu", "no shader computes Einsum, and only 40 % of the work would be the GPU's.")]
    [InlineData("gpu", "Einsum", 0.4, "mixed", "no shader computes Einsum; 40 % of the work is the GPU's.")]
    public void Else_it_depends_on_what_shaders_compute(string asked, string cpuOps, double gpuShare, string backend, string reason) =>
        Assert.Equal((backend, reason), BackendRule.ForGraph(asked, cpuOps.Split(',', StringSplitOptions.RemoveEmptyEntries), gpuShare));

    [Fact]
    public void A_name_that_is_none_and_a_device_that_is_missing_are_errors()
    {
        Assert.Contains("'tpu' is no backend; there are auto, cpu and gpu.", Assert.Throws<ArgumentException>(() => BackendRule.WithoutGraph("tpu", null)).Message, StringComparison.Ordinal);
        Assert.Contains("none was given", Assert.Throws<ArgumentException>(() => BackendRule.WithoutGraph("gpu", null)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cpu", false, "cpu", "it was asked for")]
    [InlineData("auto", false, "cpu", "OpenGL in software")]
    [InlineData("gpu", false, "gpu", "every layer has a shader")]
    [InlineData("gpu", true, "mixed", "no shader computes Einsum;")]
    public void Networks_are_made_by_the_rule_and_run(string asked, bool hasEinsum, string backend, string reason)
    {
        using var graph = NetworkCases.Net(hasEinsum ? "mixed" : "gpu");
        using var input = Noise.Of(NetworkCases.Picture);
        gl.Run(device =>
        {
            Assert.True(device.Info.IsSoftware || asked != "auto", "This device is no software; the rule takes it.");
            using var network = Networks.Create(graph, asked, device, new NetworkOptions { Threads = 1 });
            Assert.Equal(backend, network.Backend);
            Assert.Contains(reason, network.Choice, StringComparison.Ordinal);
            Assert.Equal(4, network.Run(input).Count);
        });
    }

    [Fact]
    public void Layers_that_cost_nothing_do_not_count_and_a_graph_of_the_CPU_alone_is_the_CPUs()
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new Einsum("nchw->nchw"), builder.Input("x", NetworkCases.Picture)));
        gl.Run(device =>
        {
            var cut = new GraphCut(graph, [], device, new PlanOptions(device.Kernels));
            Assert.Equal(0, cut.GpuShare);
            Assert.Equal(["Einsum"], cut.CpuOps);
        });
    }

    private static GlDeviceInfo Device(bool isSoftware) => new("vendor", "renderer", "driver", new GlVersion(4, 6), isSoftware, true, true, ReadPath.Buffer);
}
