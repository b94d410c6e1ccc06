using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.Tests.Contract;

namespace RealtimeCnn.Tests.OpenGL.Caching;

/// <summary>Programs that an earlier start compiled, and whatever may have happened to them since.</summary>
[Collection(GlTests.Name)]
public sealed class ProgramBinariesTests(GlFixture gl) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_start_compiles_nothing_and_computes_the_same()
    {
        var (result, compiled, loaded) = Start(_folder.Path);
        Assert.Equal(0, loaded);
        // The way of reading is remembered too.
        Assert.Equal(compiled + 1, _folder.Files.Length);
        Assert.Equal((result, 0, compiled), Start(_folder.Path));
    }

    [Fact]
    public void A_damaged_file_is_compiled_and_written_anew()
    {
        var (result, compiled, _) = Start(_folder.Path);
        _folder.Damage();
        Assert.Equal((result, compiled, 0), Start(_folder.Path));
        Assert.Equal((result, 0, compiled), Start(_folder.Path));
    }

    [Fact]
    public void Another_driver_takes_nothing_of_this_one()
    {
        var (_, compiled, _) = Start(_folder.Path);
        gl.Run(_ =>
        {
            using var host = EglHost.Create();
            using var device = RenamedDriver.Attach(version: "4.5 (Core Profile) another driver", options: new() { CacheFolder = _folder.Path });
            Assert.Equal((compiled, 0), Count(device).Programs);
        });
        Assert.Equal(2 * (compiled + 1), _folder.Files.Length);
    }

    [Fact]
    public void A_device_that_has_only_what_is_guaranteed_keeps_no_programs()
    {
        gl.RunFresh(new() { CacheFolder = _folder.Path, OnlyGuaranteed = true }, Count);
        Assert.Single(_folder.Files);
    }

    private (string Result, int Compiled, int Loaded) Start(string folder)
    {
        var (result, programs) = gl.RunFresh(new() { CacheFolder = folder }, Count);
        return (result, programs.Compiled, programs.Loaded);
    }

    private static (string Result, (int Compiled, int Loaded) Programs) Count(GlDevice device)
    {
        using var graph = NetworkCases.Net("gpu");
        using var network = new GpuNetwork(device, graph);
        using var input = Noise.Of(NetworkCases.Picture);
        string result = string.Join(' ', network.Run(input)[0].Span.ToArray());
        Assert.True(device.Programs.Count > 3, $"Only {device.Programs.Count} programs.");
        return (result, device.ProgramCounts);
    }
}
