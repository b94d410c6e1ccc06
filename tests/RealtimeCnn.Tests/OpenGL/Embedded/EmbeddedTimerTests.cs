using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.Tests.Contract;

namespace RealtimeCnn.Tests.OpenGL.Embedded;

/// <summary>Timestamps of OpenGL ES, an extension there, on a device that says it is no software.</summary>
[Collection(EmbeddedGlTests.Name)]
public sealed unsafe class EmbeddedTimerTests(EmbeddedGlFixture gl)
{
    [Fact]
    public void Steps_are_timed_by_the_extension() => gl.Run(_ =>
    {
        using var host = EglHost.Create(options: new() { Api = GlClientApi.Embedded });
        using var device = RenamedDriver.Attach("Some GPU");
        Assert.Contains("GL_EXT_disjoint_timer_query", device.Extensions);
        Assert.True(device.Gl.QueryCounter != null);
        using var graph = NetworkCases.Net("gpu");
        using var network = new GpuNetwork(device, graph);
        using var input = Noise.Of(NetworkCases.Picture);
        Assert.All(network.Profile([input]).Steps, step => Assert.True(double.IsNaN(step.Milliseconds) || step.Milliseconds >= 0));
        device.TakeDisjoint();
        device.ThrowOnError("time steps");
    });

    [Fact]
    public void Without_the_extension_there_are_none() => gl.RunFresh(new() { OnlyGuaranteed = true }, device =>
    {
        Assert.True(device.Gl.QueryCounter == null && device.Gl.GetQueryObjectui64v == null);
        Assert.False(device.Info.TimersWork);
        Assert.Empty(device.Extensions);
    });
}
