using Microsoft.Extensions.Logging;
using RealtimeCnn.Camera;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL;
using RealtimeCnn.SelfTests.Oracles;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>The same camera, wherever its network's layers run.</summary>
[Collection(GlTests.Name)]
public sealed class CameraBackendTests(GlFixture gl)
{
    private static readonly Preprocessing Input = new() { Size = new Size2d(24, 32), Fit = FitMode.Crop };

    public static TheoryData<string, string, string> Backends => new()
    {
        { "convolutions", "gpu", "gpu" },
        { "convolutions", "cpu", "cpu" },
        { "CPU layer at the end", "gpu", "mixed" },
        { "CPU layer in the middle", "gpu", "mixed" },
        { "CPU layer at the beginning", "gpu", "mixed" },
        { "CPU layer at the end", "cpu", "cpu" },
        { "picture and result", "gpu", "mixed" },
    };

    [Theory]
    [MemberData(nameof(Backends))]
    public void Results_are_the_same_wherever_the_network_runs(string network, string asked, string taken)
    {
        using var graph = Build(network);
        using var pool = new FramePool();
        gl.Run(device =>
        {
            using var reference = new CpuNetwork(graph);
            using var input = new Tensor(Input.Shape);
            using var camera = new CameraNetwork(graph, new() { Preprocessing = Input, Backend = asked });
            camera.Initialize(device);
            Assert.StartsWith(taken, camera.Choice, StringComparison.Ordinal);
            for (int i = 0; i < 4; i++)
            {
                using (var picture = Picture(pool, i))
                    new ImageToTensor(Input).Run(picture, input);
                var expected = reference.Run(input);
                camera.Submit(Picture(pool, i));
                var result = Await(camera);
                Assert.Equal(i, result.Sequence);
                Assert.Equal(TimeSpan.FromMilliseconds(i), result.Timestamp);
                Assert.Equal((40, 50), (result.Mapping.Upright.Height, result.Mapping.Upright.Width));
                Assert.Equal(i, result.Picture!.Sequence);
                Assert.True(result.Stages is { Upload: > 0, Network: > 0 }, result.Stages.ToString());
                Assert.Equal(graph.Outputs.Count, result.Outputs.Count);
                for (int output = 0; output < expected.Count; output++)
                    Closeness.Assert(DoubleTensor.Of(expected[output]), result.Outputs[output], 1e-4, $"picture {i}, output {output}");
            }
        });
    }

    [Theory]
    [InlineData("convolutions", "cpu")]
    [InlineData("CPU layer in the middle", "gpu")]
    public void The_hosts_thread_never_waits_and_allocates_nothing(string network, string backend)
    {
        using var graph = Build(network);
        using var pool = new FramePool(400);
        gl.Run(device =>
        {
            using var camera = new CameraNetwork(graph, new() { Preprocessing = Input, Backend = backend });
            camera.Initialize(device);
            long sequence = 0, processed = 0, blocking = 0, managed = 0;
            for (int turn = 0; processed < 40; turn++)
            {
                if (camera.FramesProcessed < 20)
                    (blocking, managed, processed) = (device.BlockingCalls, GC.GetAllocatedBytesForCurrentThread(), 0);
                else
                    processed = camera.FramesProcessed;
                camera.Update(1 / 60.0);
                if (!camera.TryGetLatest(out _) && !camera.IsIdle)
                    continue;
                long before = GC.GetAllocatedBytesForCurrentThread();
                var picture = Picture(pool, (int)sequence++);
                managed += GC.GetAllocatedBytesForCurrentThread() - before;
                camera.Submit(picture);
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - managed;
            Assert.Equal(0, allocated);
            Assert.Equal(blocking, device.BlockingCalls);
        });
    }

    [Fact]
    public void A_network_that_is_slow_on_the_CPU_holds_up_nobody_and_sees_the_newest_picture()
    {
        using var graph = Build("CPU layer at the end");
        using var pool = new FramePool();
        var logger = new CollectingLogger();
        gl.Run(device =>
        {
            using var camera = new CameraNetwork(graph, new() { Preprocessing = Input, Backend = "cpu", Logger = logger });
            camera.Initialize(device);
            for (int i = 0; i < 5; i++)
                camera.Submit(Picture(pool, i));
            camera.Update(0);
            camera.Submit(Picture(pool, 5));
            camera.Submit(Picture(pool, 6));
            Assert.Equal(4, Await(camera).Sequence);
            Assert.Equal(6, Await(camera).Sequence);
            Assert.Equal(5, camera.FramesDropped);
        });
        Assert.Equal([0, 1, 2, 3, 5], logger.Entries.Where(entry => entry.Text.Contains("dropped", StringComparison.Ordinal)).Select(entry => entry.Text["Picture ".Length] - '0'));
    }

    [Fact]
    public void A_texture_of_the_hosts_is_refused_where_the_CPU_would_read_it()
    {
        using var graph = Build("convolutions");
        gl.Run(device =>
        {
            using var camera = new CameraNetwork(graph, new() { Preprocessing = Input, Backend = "cpu" });
            camera.Initialize(device);
            Assert.Contains("backend gpu", Assert.Throws<NotSupportedException>(() => camera.Submit(1, 50, 40, default)).Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Everything_is_freed_while_pictures_are_under_way()
    {
        using var pool = new FramePool();
        gl.Run(device =>
        {
            foreach (string network in (string[])["CPU layer in the middle", "CPU layer at the beginning"])
            {
                Cycle(network, "gpu");
                int objects = device.Objects.Alive;
                long native = Tensor.LiveBytes;
                Cycle(network, "gpu");
                Cycle(network, "cpu");
                Assert.Equal(objects, device.Objects.Alive);
                Assert.Equal(native, Tensor.LiveBytes);
            }

            void Cycle(string network, string backend)
            {
                using (var graph = Build(network))
                using (var camera = new CameraNetwork(graph, new() { Preprocessing = Input, Backend = backend }))
                {
                    camera.Initialize(device);
                    camera.Submit(Picture(pool, 0));
                    Await(camera);
                    camera.Submit(Picture(pool, 1));
                    camera.Update(0);
                    camera.Submit(Picture(pool, 2));
                }

                device.CollectGarbage();
            }
        });
    }

    [Fact]
    public async Task Results_come_by_callback_and_as_a_stream_too()
    {
        using var graph = Build("convolutions");
        using var pool = new FramePool();
        var logger = new CollectingLogger();
        using var source = new TestPatternSource(64, 48, 100);
        CameraNetwork? camera = null;
        int called = 0;
        gl.Run(device =>
        {
            camera = new CameraNetwork(graph, new() { Preprocessing = Input, Source = source, Backend = "gpu", Logger = logger });
            Assert.Throws<InvalidOperationException>(() => camera.Results());
            camera.ResultArrived += (sender, result) =>
            {
                Assert.Same(camera, sender);
                Assert.Equal(graph.Outputs.Count, result.Outputs.Count);
                called++;
            };
            camera.Initialize(device);
        });
        using var enough = new CancellationTokenSource();
        var watched = Task.Run(async () =>
        {
            var seen = new List<long>();
            await foreach (var result in camera!.Results(enough.Token))
            {
                seen.Add(result.Sequence);
                Assert.Contains(result.Outputs[0].Span.ToArray(), value => value != 0);
                Assert.Null(result.Picture);
                if (seen.Count == 5)
                    enough.Cancel();
            }

            return seen;
        });
        Assert.True(SpinWait.SpinUntil(() => { gl.Run(_ => camera!.Update(1 / 60.0)); return watched.IsCompleted; }, TimeSpan.FromSeconds(60)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watched);
        int came = 0;
        var second = Task.Run(async () =>
        {
            await foreach (var result in camera!.Results())
                Interlocked.Increment(ref came);
        });
        int before = called;
        Assert.True(SpinWait.SpinUntil(() => { gl.Run(_ => camera!.Update(1 / 60.0)); return called > before + 3 && Volatile.Read(ref came) > 0; }, TimeSpan.FromSeconds(60)));
        gl.Run(_ => camera!.Dispose());
        await second.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Contains(logger.Entries, entry => entry.Text.StartsWith("Live network on gpu", StringComparison.Ordinal));
        Assert.Contains(logger.Entries, entry => entry is { Level: LogLevel.Information } && entry.Text.Contains("Streaming", StringComparison.Ordinal));
    }

    private static LiveResult Await(CameraNetwork camera)
    {
        LiveResult? result = null;
        bool came = SpinWait.SpinUntil(
            () =>
            {
                camera.Update(1 / 60.0);
                return camera.TryGetLatest(out result);
            },
            TimeSpan.FromSeconds(60));
        return came ? result! : throw new TimeoutException("No result came.");
    }

    private static Frame Picture(FramePool pool, int seed)
    {
        var format = new FrameFormat(50, 40, PixelFormat.Rgb);
        var buffer = pool.TryRent(format.Bytes)!;
        new Random(seed).NextBytes(buffer.Bytes[..format.Bytes]);
        return new Frame(buffer, format, TimeSpan.FromMilliseconds(seed), seed);
    }

    private static Graph Build(string network)
    {
        var builder = new GraphBuilder(seed: 4);
        var image = builder.Input("image", new Shape(1, 3, 24, 32));
        Node Conv(Node x, int channels, string? name = null) => builder.Add(new Conv2d(channels, 4, 3) { Padding = 1, Activation = Activation.Relu }, x, name: name);

        // Turned left to right, by a layer that no shader computes.
        Node Turned(Node x, int channels)
        {
            var places = new Tensor(new Shape(1, channels, 24, 32));
            for (int i = 0; i < places.Shape.Count; i++)
                places.Span[i] = 31 - (i % 32);
            return builder.Add(new GatherElements(3), [x, builder.Add(new Constant(places.Shape), [], [places])]);
        }

        return network switch
        {
            "convolutions" => builder.Build(Conv(Conv(image, 3), 4, "scores")),
            "CPU layer at the end" => builder.Build(Turned(Conv(image, 3), 4)),
            "CPU layer in the middle" => builder.Build(Conv(Turned(Conv(image, 3), 4), 4), Conv(Conv(image, 3), 4)),
            "CPU layer at the beginning" => builder.Build(Conv(Turned(image, 3), 3)),
            _ => builder.Build(Turned(Conv(image, 3), 4), Conv(builder.Add(new Add(), [image, Turned(image, 3)]), 3)),
        };
    }
}
