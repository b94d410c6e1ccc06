using RealtimeCnn.Models;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.SelfTests;
using RealtimeCnn.Tests.Graphs;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.OpenGL.Embedded;

/// <summary>Kernels and networks on a device that has no more than OpenGL ES 3.1 guarantees.</summary>
[Collection(EmbeddedGlTests.Name)]
public sealed class EmbeddedKernelTests(EmbeddedGlFixture gl)
{
    /// <summary>No case asks for more storage buffers, invocations or shared memory than every device has.</summary>
    [Fact]
    public void Plans_keep_to_what_is_guaranteed()
    {
        var limits = GlLimits.GuaranteedEmbedded;
        Assert.Equal(3, limits.ReadableTensors(ReadPath.Buffer));
        foreach (var table in new[] { GpuKernels.For(DeviceProfile.Of(ProfileKind.Software, limits)), GpuKernels.For(DeviceProfile.Of(ProfileKind.Discrete, limits)) })
        {
            foreach (var one in SelfTest.Cases)
            {
                using var run = new LayerRun(one);
                foreach (var dispatch in SelfTest.Dispatches(run.Graph, table, one.Mode))
                {
                    Assert.True(dispatch.Reads.Length <= 3, $"{one.Id}: {dispatch.Shader} reads {dispatch.Reads.Length} tensors.");
                    int group = dispatch.Defines.Where(define => define.StartsWith("LANES ", StringComparison.Ordinal) || define.StartsWith("TILE_GROUP ", StringComparison.Ordinal))
                        .Select(define => int.Parse(define.Split(' ')[1], null)).DefaultIfEmpty(64).Max();
                    Assert.True(group <= limits.GroupInvocations && group * 16 <= limits.SharedBytes, $"{one.Id}: {dispatch.Shader} has groups of {group}.");
                    Assert.Null(dispatch.Refusal);
                }
            }
        }
    }

    /// <summary>Each shader in each form that the cases ask for, with the first case that does; the full form is <c>rtcnn selftest --gl es --guaranteed</c>.</summary>
    [Fact]
    public void Every_shader_computes_what_the_oracle_computes() => gl.RunFresh(new() { OnlyGuaranteed = true }, device =>
    {
        var cases = SelfTest.FirstCases(device.Kernels);
        Assert.True(cases.Count > 100, $"{cases.Count} cases were found.");
        foreach (var (layerCase, kernel) in cases)
        {
            using var run = new LayerRun(layerCase);
            using var network = new GpuNetwork(device, run.Graph, new NetworkOptions { ForcedKernels = kernel == null ? [] : [kernel], Mode = layerCase.Mode });
            Closeness.Assert(run.Expected, network.Run(run.Inputs)[0], layerCase.Tolerance, $"{layerCase.Id} {kernel}");
        }
    });

    [Theory]
    [InlineData("lenet5")]
    [InlineData("mobilenetv2")]
    [InlineData("shufflenetv2")]
    public void Every_node_of_a_network_agrees_with_the_CPU(string name)
    {
        using var graph = ModelCatalog.Create(name, new ModelOptions { InputSize = name == "lenet5" ? 28 : 64, Classes = 10, Seed = 5 });
        GraphRuns.RandomizeAffine(graph, 6);
        var inputs = GraphRuns.RandomInputs(graph, 7, graph.InputShapes[0]);
        gl.RunFresh(new() { OnlyGuaranteed = true }, device =>
        {
            using var comparer = new NetworkComparer(device, graph, new ComparisonOptions { Threads = 2 });
            var comparison = comparer.Compare(inputs);
            Assert.True(comparison.Agrees, comparison.ToString());
            Assert.All(comparison.Nodes, node => Assert.True(node.OnGpu, $"{node.Name} has no kernel"));
        });
        GraphRuns.Dispose(inputs);
    }
}
