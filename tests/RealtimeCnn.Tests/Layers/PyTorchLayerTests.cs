using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.SelfTests;
using RealtimeCnn.Tests.OpenGL;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Layers;

/// <summary>
/// Both paths against numbers recorded from PyTorch: catches a misreading that an oracle and its kernels share. Recipe and
/// numbers: tests/fixtures/pytorch_layers.py and .json.
/// </summary>
[Collection(GlTests.Name)]
public class PyTorchLayerTests(GlFixture gl)
{
    /// <summary>Recorded numbers have nine digits; layers differ by float32 rounding.</summary>
    private const double Tolerance = 3e-6;

    public static TheoryData<string> Names => [.. LayerCases.Recorded.Select(one => one.Name)];

    [Fact]
    public void Every_recorded_result_has_its_layer() =>
        Assert.Equal(PyTorchFixture.All.Keys.Order(StringComparer.Ordinal), LayerCases.Recorded.Select(one => one.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_CPU_computes_what_PyTorch_computes(string name) => Check(name, (graph, inputs, mode, compare) =>
    {
        using var network = new CpuNetwork(graph, new NetworkOptions { Threads = 1, Mode = mode });
        compare(network.Run(inputs)[0]);
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void The_GPU_computes_what_PyTorch_computes(string name) => Check(name, (graph, inputs, mode, compare) => gl.Run(device =>
    {
        using var network = new GpuNetwork(device, graph, new NetworkOptions { Mode = mode });
        var output = network.Run(inputs)[0];
        compare(output);
    }));

    private static void Check(string name, Action<Graph, Tensor[], RunMode, Action<Tensor>> run)
    {
        var one = LayerCases.Recorded.Single(other => other.Name == name);
        var fixture = PyTorchFixture.All[name];
        var inputs = fixture.MakeInputs();
        var builder = new GraphBuilder();
        var node = builder.Add(one.Layer, [.. fixture.Inputs.Select((shape, i) => builder.Input($"x{i}", shape))], fixture.MakeParameters());
        using var graph = builder.Build(one.Output == 0 ? node : builder.Add(new NodeOutput(one.Output), node));
        run(graph, inputs, one.Mode, output => Closeness.Assert(fixture.Output, output, Tolerance, name));
        foreach (var input in inputs)
            input.Dispose();
    }
}
