using RealtimeCnn.OpenGL;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Graphs;

[Collection(GlTests.Name)]
public class PassGpuTests(GlFixture gl)
{
    public static TheoryData<string> Names => PassCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Outputs_stay_equal_on_the_GPU(string name)
    {
        var passCase = PassCases.Find(name);
        using var graph = passCase.Make();
        var inputs = GraphRuns.RandomInputs(graph, 5);
        var expected = GraphRuns.RunAsItStands(graph, inputs, passCase.Mode);
        gl.Run(device =>
        {
            foreach (bool optimize in new[] { false, true })
            {
                using var network = new GpuNetwork(device, graph, new NetworkOptions { Optimize = optimize, Mode = passCase.Mode });
                Tensor[] actual = [.. network.Run(inputs)];
                GraphRuns.AssertClose(expected, actual, 2e-6, $"{name}, {(optimize ? "after" : "before")} the passes");
                GraphRuns.Dispose(actual);
            }
        });
        GraphRuns.Dispose(inputs, expected);
    }
}
