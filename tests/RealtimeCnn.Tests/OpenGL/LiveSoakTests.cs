using RealtimeCnn.Benchmarks.Soak;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>The short form of the soak: two faulty cameras and three models that come and go leave nothing behind.</summary>
[Collection(nameof(Camera.RunsAlone))]
public sealed class LiveSoakTests
{
    private const int Rounds = 3;

    [Theory]
    [InlineData("cpu")]
    [InlineData("gpu")]
    public void Cameras_fail_and_networks_come_and_go_and_nothing_grows(string backend)
    {
        using var soak = new LiveSoak(new SoakOptions { Backend = backend, Rounds = Rounds, Period = TimeSpan.FromSeconds(0.15), FrameRate = 30 });
        var report = soak.Run((_, _) => { });
        Assert.Equal(Rounds, report.Samples.Count);
        Assert.Empty(report.Problems);
    }

    [Fact]
    public void What_grows_is_named()
    {
        Footprint[] samples = [.. Enumerable.Range(0, 9).Select(i => new Footprint(5, 100 + i, 7, 20, i < 6 ? 4 : 40, 1, 0) { GlObjects = new Dictionary<string, int> { ["textures"] = 9, ["buffers"] = 10 * i } })];
        Assert.Equal(["bytes of tensors grew from 104 to 107", "threads grew from 4 to 40", "OpenGL buffers grew from 40 to 70"], Footprint.Growth(samples));
        Assert.Empty(Footprint.Growth(samples[..2]));
    }
}
