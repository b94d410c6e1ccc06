using RealtimeCnn.Cpu;
using RealtimeCnn.Tests.Camera;
using RealtimeCnn.Textbook;

namespace RealtimeCnn.Tests.Textbook;

/// <summary>Claims free what they make. The counter is the process's, so nothing else may run beside this.</summary>
[Collection(nameof(RunsAlone))]
public class ClaimLeakTests
{
    public static TheoryData<string> Names => ClaimTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void It_frees_what_it_makes(string name)
    {
        using var photograph = Scene.Draw(64, 64);
        long before = Tensor.LiveBytes;
        TextbookClaims.Find(name)!.Explain((graph, mode) => new CpuNetwork(graph, new NetworkOptions { Mode = mode }), photograph);
        Assert.Equal(before, Tensor.LiveBytes);
    }
}
