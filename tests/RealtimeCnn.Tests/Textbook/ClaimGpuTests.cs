using RealtimeCnn.OpenGL;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Textbook;

/// <summary>Every claim holds on the GPU too.</summary>
[Collection(GlTests.Name)]
public class ClaimGpuTests(GlFixture gl)
{
    [Theory]
    [MemberData(nameof(ClaimTests.Names), MemberType = typeof(ClaimTests))]
    public void It_holds_on_the_GPU(string name) => gl.Run(device =>
    {
        for (int seed = 0; seed < 2; seed++)
            ClaimTests.AssertHolds(name, (graph, mode) => new GpuNetwork(device, graph, new NetworkOptions { Mode = mode }), seed);
    });
}
