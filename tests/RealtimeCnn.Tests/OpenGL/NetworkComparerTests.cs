using System.Text.Json;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Shaders;
using RealtimeCnn.Tests.Graphs;

namespace RealtimeCnn.Tests.OpenGL;

[Collection(GlTests.Name)]
public class NetworkComparerTests(GlFixture gl)
{
    private const string Broken = "layers/depthwise_conv2d_tile.comp";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Both_backends_agree_node_by_node(bool optimize)
    {
        using var graph = Network();
        var inputs = GraphRuns.RandomInputs(graph, 1);
        gl.Run(device =>
        {
            using var comparer = new NetworkComparer(device, graph, new ComparisonOptions { Optimize = optimize });
            var comparison = comparer.Compare(inputs);
            Assert.True(comparison.Agrees, comparison.ToString());
            Assert.Null(comparison.Culprit);
            Assert.Equal(comparer.Graph.Nodes.Where(node => node.Layer is not (Input or Constant)).Select(node => node.Name), comparison.Nodes.Select(node => node.Name));
            Assert.Contains("agree within 1.0e-4", comparison.ToString(), StringComparison.Ordinal);
        });
        GraphRuns.Dispose(inputs);
    }

    [Fact]
    public void A_broken_kernel_is_the_first_bad_node_and_the_culprit()
    {
        using var graph = Network();
        var inputs = GraphRuns.RandomInputs(graph, 1);
        string text = ShaderLibrary.ReadEmbedded(Broken)!;
        string broken = text.Replace("void main()", "void brokenMain()", StringComparison.Ordinal);
        Assert.NotEqual(text, broken);
        // What the kernel computes, then one element that is wrong.
        broken += "\nvoid main()\n{\n    brokenMain();\n    if (gl_GlobalInvocationID.x == 0u)\n        y[0].x = 100.0;\n}\n";
        gl.Run(device =>
        {
            using var programs = new ProgramCache(device, new ShaderLibrary(ShaderLibrary.Embedded.Paths, path => path == Broken ? broken : ShaderLibrary.ReadEmbedded(path)));
            using var comparer = new NetworkComparer(device, graph, new ComparisonOptions { Programs = programs });
            var comparison = comparer.Compare(inputs);

            Assert.False(comparison.Agrees);
            Assert.Equal("filtered", comparison.FirstBad!.Name);
            Assert.Equal("filtered", comparison.Culprit);
            var difference = comparison.FirstBad.Difference;
            Assert.Equal([0, 0, 0, 0], difference.At);
            Assert.Equal(100, difference.Actual);
            Assert.InRange(Math.Abs(difference.Expected), 0, 10);
            Assert.All(comparison.Nodes.TakeWhile(node => node.Name != "filtered"), node => Assert.InRange(node.Difference.RelativeL2, 0, 1e-5));
            Assert.Contains("'filtered' is the first node out of tolerance", comparison.ToString(), StringComparison.Ordinal);

            int bad = comparer.Graph.Nodes.Select(node => node.Name).ToList().IndexOf("filtered");
            Assert.True(comparer.CompareBehind(bad, inputs)[0].RelativeL2 > 1e-4);
            Assert.True(comparer.CompareBehind(bad + 1, inputs)[0].RelativeL2 < 1e-4);
            Assert.Equal(0, comparer.CompareBehind(comparer.Graph.Nodes.Count, inputs)[0].MaxAbsolute);

            using var json = JsonDocument.Parse(comparison.ToJson());
            Assert.False(json.RootElement.GetProperty("agrees").GetBoolean());
            Assert.Equal("filtered", json.RootElement.GetProperty("culprit").GetString());
            Assert.Equal(comparison.Nodes.Count, json.RootElement.GetProperty("nodes").GetArrayLength());
        });
        GraphRuns.Dispose(inputs);
    }

    [Fact]
    public void Differences_are_relative_to_the_power_of_what_is_expected()
    {
        using Tensor expected = new(new Shape(1, 2, 1, 2), [3, 4, float.NaN, 0]), actual = new(new Shape(1, 2, 1, 2), [3, 4.5f, float.NaN, 0]);
        var difference = TensorDifference.Between(expected, actual);
        Assert.Equal(0.1, difference.RelativeL2, 1e-12);
        Assert.Equal((0.5, 4f, 4.5f), (difference.MaxAbsolute, difference.Expected, difference.Actual));
        Assert.Equal([0, 0, 0, 1], difference.At);
        actual.Span[2] = 1;
        Assert.Equal(double.PositiveInfinity, TensorDifference.Between(expected, actual).RelativeL2);
        using var zeros = new Tensor(new Shape(1, 2, 1, 2));
        using Tensor small = new(new Shape(1, 2, 1, 2), [0, 0, 0, 1e-3f]);
        Assert.Equal(1e-3, TensorDifference.Between(zeros, small).RelativeL2, 1e-9);
    }

    private static Graph Network()
    {
        var builder = new GraphBuilder(seed: 3);
        var x = builder.Start(new Shape(2, 3, 17, 13)).Conv2d(9, 3, padding: 1, bias: false, name: "stem").BatchNorm2d().Relu().MaxPool2d(2, stride: 2);
        var y = x.PointwiseConv2d(9).Add(x.Conv2d(9, 3, padding: 1)).Relu();
        y = y.Concat([x]).DepthwiseConv2d(3, padding: 1, name: "filtered").Multiply(y.GlobalAveragePool().PointwiseConv2d(18).Then(new Sigmoid()));
        var graph = builder.Build(y.GlobalAveragePool().Flatten().Linear(7).Softmax());
        GraphRuns.RandomizeAffine(graph, 4);
        return graph;
    }
}
