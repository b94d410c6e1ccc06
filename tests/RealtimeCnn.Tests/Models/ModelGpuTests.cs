using RealtimeCnn.Models;
using RealtimeCnn.OpenGL;
using RealtimeCnn.Tests.Graphs;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Models;

[Collection(GlTests.Name)]
public class ModelGpuTests(GlFixture gl)
{
    public static TheoryData<string> Names => ModelTests.Names;

    /// <summary>
    /// Small pictures, because the shaders may run on a CPU; the weights are of full size, AlexNet's and VGG's first linear layers
    /// beyond what llvmpipe reads in one binding.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_node_of_a_batch_of_two_agrees_with_the_CPU(string name)
    {
        using var graph = ModelCatalog.Create(name, new ModelOptions { InputSize = name == "lenet5" ? 28 : 64, Classes = 10, Seed = 5 });
        GraphRuns.RandomizeAffine(graph, 6);
        var inputs = GraphRuns.RandomInputs(graph, 7, graph.InputShapes[0].With(0, 2));
        gl.Run(device =>
        {
            using var comparer = new NetworkComparer(device, graph, new ComparisonOptions { Threads = 2 });
            var comparison = comparer.Compare(inputs);
            Assert.True(comparison.Agrees, comparison.ToString());
            Assert.All(comparison.Nodes, node => Assert.True(node.OnGpu, $"{node.Name} has no kernel"));
        });
        GraphRuns.Dispose(inputs);
    }
}
