using RealtimeCnn.Camera;
using RealtimeCnn.Cpu;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.SelfTests.Oracles;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.OpenGL;

[Collection(GlTests.Name)]
public class CameraNetworkTests(GlFixture gl)
{
    private static readonly Preprocessing Input = new() { Size = new Size2d(24, 32), Fit = FitMode.Letterbox, Mean = 127.5, Scale = 1 / 63.75 };

    [Fact]
    public void A_result_equals_the_CPU_path_and_carries_its_picture()
    {
        using var graph = Scores();
        using var pool = new FramePool();
        using var cpu = new CpuNetwork(graph);
        gl.Run(device =>
        {
            using var network = new CameraNetwork(graph, new() { Preprocessing = Input, Backend = "gpu" });
            network.Initialize(device);
            for (int i = 0; i < 5; i++)
            {
                using var expected = ExpectedOutput(cpu, pool, i);
                network.Submit(Picture(pool, i));
                var result = AwaitResult(device, network);
                Closeness.Assert(DoubleTensor.Of(expected), result.Outputs[0], 1e-5, $"picture {i}");
                Assert.Same(result.Outputs[0], result["scores"]);
                Assert.Equal(i, result.Sequence);
                Assert.Equal(TimeSpan.FromMilliseconds(i), result.Timestamp);
                Assert.Equal((i, new FrameFormat(50, 40, PixelFormat.Rgb)), (result.Picture!.Sequence, result.Picture.Format));
                Assert.True(result.Stages is { Network: > 0, Preprocess: > 0, Upload: > 0, Readback: > 0 }, result.Stages.ToString());
                Assert.Equal(50.0, result.Mapping.ToUpright(new PicturePoint(31, 12)).X, 6);
            }

            Assert.Equal((5, 0), (network.FramesProcessed, network.FramesDropped));
        });
    }

    [Fact]
    public void A_source_that_was_handed_in_stays_its_makers()
    {
        using var graph = Scores();
        using var source = new TestPatternSource(64, 48, 100);
        gl.Run(device =>
        {
            for (int run = 0; run < 2; run++)
            {
                using (var network = new CameraNetwork(graph, new() { Preprocessing = Input, Source = source }))
                {
                    network.Initialize(device);
                    AwaitSource(network);
                }

                Assert.Equal(SourceState.Streaming, source.Status.State);
            }

            using var frame = source.Take(TimeSpan.FromSeconds(30));
            Assert.NotNull(frame);
        });
    }

    [Fact]
    public void A_source_that_the_network_opened_is_closed_with_it()
    {
        using var graph = Scores();
        TestPatternSource? source = null;
        gl.Run(device =>
        {
            using (var network = new CameraNetwork(graph, new() { Preprocessing = Input, Backend = "gpu", OpenSource = () => source = new TestPatternSource(64, 48, 100) }))
            {
                Assert.Null(source);
                network.Initialize(device);
                AwaitSource(network);
            }

            Assert.Equal(SourceState.Ended, source!.Status.State);
        });
        using var other = new TestPatternSource(64, 48, 100);
        Assert.Contains("one of the two", Assert.Throws<ArgumentException>(() => new CameraNetwork(graph, new() { Preprocessing = Input, Source = other, OpenSource = () => other })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_keeps_its_picture_around_and_beside_what_is_drawn()
    {
        using var graph = Scores();
        using var pool = new FramePool();
        gl.Run(device =>
        {
            using var network = new CameraNetwork(graph, new() { Preprocessing = Input, Backend = "gpu" });
            network.Initialize(device);
            network.Submit(Picture(pool, 1));
            AwaitResult(device, network);
            using var target = new OffscreenTarget(device, 100, 60);
            using var host = new GpuCanvas(device);
            var red = new Color(1, 0, 0, 1);
            Area? where = null;

            // 50 × 40 pixels in the right half: as wide as that, and 10 rows less high on both sides.
            Assert.True(Draw(red, null));
            Assert.Equal(new Area(50, 10, 50, 40), where);
            Assert.All([(0, 0), (49, 30), (75, 9), (75, 50)], at => Assert.Equal((255, 0, 0), At(at)));
            Assert.NotEqual((255, 0, 0), At((75, 30)));

            Assert.True(Draw(red, new Color(0, 0, 1, 1)));
            Assert.All([(75, 9), (75, 50)], at => Assert.Equal((0, 0, 255), At(at)));
            Assert.All([(0, 0), (49, 30)], at => Assert.Equal((255, 0, 0), At(at)));

            bool Draw(Color hosts, Color? background)
            {
                host.Begin(target.Framebuffer, 100, 60, hosts);
                host.End();
                return network.Draw(target.Framebuffer, new Size2d(60, 100), (_, area, _) => where = area, new Area(50, 0, 50, 60), background);
            }

            (int, int, int) At((int X, int Y) at)
            {
                byte[] pixels = target.Read().Pixels;
                int first = ((at.Y * 100) + at.X) * 4;
                return (pixels[first], pixels[first + 1], pixels[first + 2]);
            }
        });
    }

    [Fact]
    public void The_newest_picture_wins_and_older_ones_are_counted()
    {
        using var graph = Scores();
        using var pool = new FramePool();
        gl.Run(device =>
        {
            using var network = new CameraNetwork(graph, new() { Preprocessing = Input, Backend = "gpu", InFlight = 1 });
            network.Initialize(device);
            for (int i = 0; i < 4; i++)
                network.Submit(Picture(pool, i));
            Assert.Equal(3, AwaitResult(device, network).Sequence);
            Assert.Equal(3, network.FramesDropped);
            Assert.False(network.TryGetLatest(out _));
        });
    }

    [Fact]
    public void A_steady_loop_allocates_nothing_and_never_waits_for_the_GPU()
    {
        using var graph = Scores();
        using var pool = new FramePool(300);
        gl.Run(device =>
        {
            using var network = new CameraNetwork(graph, new() { Preprocessing = Input, Backend = "gpu" });
            network.Initialize(device);
            var frames = new Queue<Frame>(Enumerable.Range(0, 300).Select(i => Picture(pool, i)));
            Loop(network, frames, 200);
            long blocking = device.BlockingCalls, managed = GC.GetAllocatedBytesForCurrentThread(), native = Tensor.LiveBytes;
            int objects = device.Objects.Alive;
            Loop(network, frames, 100);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - managed);
            Assert.Equal(blocking, device.BlockingCalls);
            Assert.Equal(native, Tensor.LiveBytes);
            Assert.Equal(objects, device.Objects.Alive);
            Assert.True(network.FramesProcessed > 200, $"{network.FramesProcessed} pictures processed");
        });

        static void Loop(CameraNetwork network, Queue<Frame> frames, int turns)
        {
            for (int i = 0; i < turns; i++)
            {
                network.Submit(frames.Dequeue());
                network.Update(1 / 60.0);
                network.TryGetLatest(out _);
            }
        }
    }

    [Fact]
    public void Everything_is_freed_with_the_network()
    {
        using var pool = new FramePool();
        gl.Run(device =>
        {
            // Programs stay with the device: the first network compiles them.
            Cycle();
            int objects = device.Objects.Alive;
            long native = Tensor.LiveBytes;
            Cycle();
            Assert.Equal(objects, device.Objects.Alive);
            Assert.Equal(native, Tensor.LiveBytes);

            void Cycle()
            {
                using (var graph = Scores())
                using (var network = new CameraNetwork(graph, new() { Preprocessing = Input, Backend = "gpu" }))
                {
                    network.Initialize(device);
                    network.Submit(Picture(pool, 0));
                    AwaitResult(device, network);
                    network.Submit(Picture(pool, 1));
                    network.Update(0);
                    network.Submit(Picture(pool, 2));
                }

                device.CollectGarbage();
            }
        });
    }

    [Fact]
    public void A_network_that_does_not_fit_the_picture_is_refused_before_any_GPU_work()
    {
        using var graph = Scores();
        var gray = Input with { Order = ColorOrder.Gray };
        Assert.Contains("expects 3 input channels", Assert.Throws<ShapeException>(() => new CameraNetwork(graph, new() { Preprocessing = gray })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_in_the_wrong_order_say_what_to_do()
    {
        using var graph = Scores();
        gl.Run(device =>
        {
            using var network = new CameraNetwork(graph, new() { Preprocessing = Input, Backend = "gpu" });
            Assert.Contains("Initialize", Assert.Throws<InvalidOperationException>(() => network.Update(0)).Message, StringComparison.Ordinal);
            network.Initialize(device);
            Assert.Throws<InvalidOperationException>(() => network.Initialize(device));
            network.Dispose();
            Assert.Throws<ObjectDisposedException>(() => network.Update(0));
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_could_not_be_initialised_can_be_tried_again(bool onDevice)
    {
        using var graph = Scores();
        gl.Run(device =>
        {
            int opened = 0;
            using var network = new CameraNetwork(graph, new() { Preprocessing = Input, OpenSource = () => ++opened == 1 ? throw new IOException("no camera") : new TestPatternSource(64, 48, 100) });
            Assert.Throws<IOException>(Initialize);
            Assert.Contains("Initialize", Assert.Throws<InvalidOperationException>(() => network.Update(0)).Message, StringComparison.Ordinal);
            Initialize();
            AwaitSource(network);

            void Initialize()
            {
                if (onDevice)
                    network.Initialize(device);
                else
                    network.Initialize();
            }
        });
    }

    private static void AwaitSource(CameraNetwork network) => Assert.True(SpinWait.SpinUntil(
        () =>
        {
            network.Update(1 / 60.0);
            return network.TryGetLatest(out _);
        },
        TimeSpan.FromSeconds(60)));

    private static LiveResult AwaitResult(GlDevice device, CameraNetwork network)
    {
        for (int turn = 0; turn < 1000; turn++)
        {
            network.Update(1 / 60.0);
            if (network.TryGetLatest(out var result))
                return result;
            device.Finish();
        }

        throw new TimeoutException("No result came in 1,000 turns of the loop.");
    }

    private static Frame Picture(FramePool pool, int seed)
    {
        var format = new FrameFormat(50, 40, PixelFormat.Rgb);
        var buffer = pool.TryRent(format.Bytes)!;
        new Random(seed).NextBytes(buffer.Bytes[..format.Bytes]);
        return new Frame(buffer, format, TimeSpan.FromMilliseconds(seed), seed);
    }

    private static Tensor ExpectedOutput(CpuNetwork cpu, FramePool pool, int seed)
    {
        using var picture = Picture(pool, seed);
        using var input = new Tensor(Input.Shape);
        new ImageToTensor(Input).Run(picture, input);
        return cpu.Run(input)[0].Clone();
    }

    private static Graph Scores()
    {
        var builder = new GraphBuilder(seed: 4);
        var x = builder.Input("image", new Shape(1, 3, 24, 32));
        x = builder.Add(new Conv2d(3, 6, 3) { Stride = 2, Activation = Activation.Relu }, x);
        x = builder.Add(new MaxPool2d(2) { Stride = 2 }, x);
        return builder.Build(builder.Add(new PointwiseConv2d(6, 5), x, name: "scores"));
    }
}
