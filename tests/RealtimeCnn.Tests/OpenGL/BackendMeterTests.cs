using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.Tests.Contract;
using RealtimeCnn.Tests.OpenGL.Caching;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>Where <c>auto</c> is undecided it measures, once, on a device that says it is no software.</summary>
[Collection(GlTests.Name)]
public sealed class BackendMeterTests(GlFixture gl) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _measured;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gpu", 2.204, 27.1, "cpu", "cpu, 1 thread: 2.2 ms on the CPU path, 27.1 ms with 'Some GPU'; measured on 2026-11-22.")]
    [InlineData("gpu", 0.25, 0.034, "gpu", "gpu, 'Some GPU': 0.25 ms on the CPU path, 0.034 ms with 'Some GPU'; measured on 2026-11-22.")]
    [InlineData("mixed", 450, 120, "mixed", "mixed, 'Some GPU' and the CPU: 450 ms on the CPU path, 120 ms with 'Some GPU'; measured on 2026-11-22.")]
    public void The_faster_one_is_taken_and_the_next_time_without_measuring(string graph, double cpu, double device, string backend, string choice) => OnGpu(gpu =>
    {
        using var net = NetworkCases.Net(graph);
        for (int time = 0; time < 2; time++)
        {
            using var network = Create(gpu, net, cpu, device);
            Assert.Equal((backend, choice, 2), (network.Backend, network.Choice, _measured));
            using var input = Noise.Of(NetworkCases.Picture);
            Assert.Equal(4, network.Run(input).Count);
        }
    });

    [Fact]
    public void Another_model_and_another_number_of_threads_are_measured_anew_and_other_weights_are_not() => OnGpu(gpu =>
    {
        using Graph small = Net(4, 1), large = Net(8, 1), sameSize = Net(4, 2);
        Create(gpu, small, 1, 2).Dispose();
        Create(gpu, large, 1, 2).Dispose();
        Assert.Equal(4, _measured);
        Create(gpu, small, 1, 2, threads: 2).Dispose();
        Assert.Equal(6, _measured);
        Create(gpu, sameSize, 1, 2).Dispose();
        Assert.Equal(6, _measured);
    });

    [Fact]
    public void What_is_damaged_or_cannot_be_kept_is_measured_anew() => OnGpu(gpu =>
    {
        using var net = Net(4, 1);
        Create(gpu, net, 1, 2).Dispose();
        _folder.Damage();
        using var network = Create(gpu, net, 2, 1);
        Assert.Equal(("gpu", 4), (network.Backend, _measured));
        using var other = RenamedDriver.Attach("Some GPU", options: new() { CacheFolder = "" });
        Create(other, net, 1, 2).Dispose();
        Create(other, net, 1, 2).Dispose();
        Assert.Equal(8, _measured);
    });

    [Fact]
    public void Software_and_networks_that_the_device_hardly_computes_are_decided_without_measuring()
    {
        using Graph net = Net(4, 1), elsewhere = Elsewhere();
        gl.Run(device => Create(device, net, 2, 1).Dispose());
        OnGpu(gpu =>
        {
            using var network = Create(gpu, elsewhere, 2, 1);
            Assert.Equal("cpu", network.Backend);
        });
        Assert.Equal(0, _measured);
    }

    [Fact]
    public void What_fails_on_the_device_while_it_is_measured_is_an_error_and_nothing_is_remembered() => OnGpu(gpu =>
    {
        using var net = Net(4, 1);
        var options = new NetworkOptions { Threads = 1 };
        Assert.Throws<GlException>(() => Networks.Create(net, "auto", gpu, options, new BackendMeter(gpu, net, options) { Measure = _ => throw new GlException("broken") }));
        Create(gpu, net, 1, 2).Dispose();
        Assert.Equal(2, _measured);
    });

    [Fact]
    public void Real_runs_are_timed() => OnGpu(gpu =>
    {
        using var net = Net(4, 1);
        using var network = Networks.Create(net, "auto", gpu);
        Assert.Matches(@"[0-9.]+ ms on the CPU path, [0-9.]+ ms with 'Some GPU'; measured on 20\d\d-\d\d-\d\d\.$", network.Choice);
    });

    [Fact]
    public void A_file_that_makes_no_sense_is_none()
    {
        var times = new BackendTimes(1.5, 2.5, new DateOnly(2026, 11, 22));
        Assert.Equal(times, BackendTimes.Parse(times.ToBytes()));
        Assert.Null(BackendTimes.Parse(null));
        Assert.Null(BackendTimes.Parse("{"u8.ToArray()));
        Assert.Null(BackendTimes.Parse("{}"u8.ToArray()));
        Assert.Null(BackendTimes.Parse((times with { CpuMs = -1 }).ToBytes()));
    }

    private static Graph Net(int channels, int seed)
    {
        var builder = new GraphBuilder(seed);
        return builder.Build(builder.Add(new Conv2d(3, channels, 3), builder.Input("x", NetworkCases.Picture)));
    }

    private static Graph Elsewhere()
    {
        var builder = new GraphBuilder();
        return builder.Build(builder.Add(new Einsum("nchw->nchw"), builder.Input("x", NetworkCases.Picture)));
    }

    private INetwork Create(GlDevice device, Graph graph, double cpuMs, double deviceMs, int threads = 1)
    {
        var options = new NetworkOptions { Threads = threads };
        return Networks.Create(graph, "auto", device, options, new BackendMeter(device, graph, options) { Measure = Measure, Clock = new Day() });

        double Measure(INetwork network)
        {
            _measured++;
            return network.Backend == "cpu" ? cpuMs : deviceMs;
        }
    }

    private void OnGpu(Action<GlDevice> work) => gl.Run(_ =>
    {
        using var host = EglHost.Create();
        using var device = RenamedDriver.Attach("Some GPU", options: new() { CacheFolder = _folder.Path });
        Assert.False(device.Info.IsSoftware);
        work(device);
        device.Dispose();
        Assert.Empty(device.Leaks);
    });

    private sealed class Day : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    }
}
