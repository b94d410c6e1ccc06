using RealtimeCnn.Cpu;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.OpenGL.Live;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>What the pipeline on a device adds to every pipeline's promises.</summary>
[Collection(GlTests.Name)]
public sealed class GpuPipelineTests(GlFixture gl)
{
    private static readonly Preprocessing Input = new() { Size = new Size2d(8, 8) };

    [Fact]
    public void Some_outputs_come_back_and_others_are_drawn_from_where_they_lie() => gl.Run(device =>
    {
        using var graph = Build();
        using var network = new GpuNetwork(device, graph);
        using var pipeline = new GpuPipeline(device);
        pipeline.Use(network, new LiveOptions { Preprocessing = Input, Drawn = ["picture"] });
        Assert.True(Submit(pipeline, 200));
        Assert.Equal(0, pipeline.Picture!.Sequence); // Drawn behind the network, without waiting for its result.
        using var target = new OffscreenTarget(device, 4, 4);
        using var canvas = new GpuCanvas(device);
        canvas.Begin(target.Framebuffer, 4, 4, Color.Black);
        pipeline.Value("picture").Draw(canvas, canvas.Bounds);
        canvas.End();
        Assert.All(target.Read().Pixels.Where((_, i) => i % 4 < 3), value => Assert.InRange(value, 199, 201));

        pipeline.Finish();
        Assert.True(pipeline.TryTake(out var result));
        Assert.Same(result["greatest"], Assert.Single(result.Outputs));
        Assert.All(result["greatest"].Span.ToArray(), value => Assert.Equal(200 / 255f, value, 1e-3f));
        Assert.Contains(nameof(GpuCanvas), Assert.Throws<ArgumentException>(() => pipeline.Value("picture").Draw(new CpuCanvas(), default)).Message, StringComparison.Ordinal);
        Assert.Contains(nameof(GpuCanvas), Assert.Throws<ArgumentException>(() => result.Picture!.Draw(new CpuCanvas(), default)).Message, StringComparison.Ordinal);
    });

    /// <summary>Values that lie row-major or in halves between layers are drawn as those that do not.</summary>
    [Theory]
    [InlineData(HalfStorage.None)]
    [InlineData(HalfStorage.All)]
    public void What_is_drawn_does_not_depend_on_how_it_is_stored(HalfStorage halves) => gl.Run(device =>
    {
        var builder = new GraphBuilder(3);
        var x = builder.Start(new Shape(1, 3, 8, 8), "x").Conv2d(3, kernel: 1);
        using var graph = builder.Build(x.MaxPool2d(1, name: "blocked"), x.Softmax(name: "row-major"));
        using var onCpu = new CpuNetwork(graph);
        using var network = new GpuNetwork(device, graph, new NetworkOptions { Halves = halves });
        using var pipeline = new GpuPipeline(device);
        pipeline.Use(network, new LiveOptions { Preprocessing = Input, Drawn = ["blocked", "row-major"] });
        Assert.True(Submit(pipeline, 100));
        using var input = new Tensor(Input.Shape);
        input.Span.Fill(100 / 255f);
        var expected = onCpu.Run(input);
        using var target = new OffscreenTarget(device, 4, 4);
        using var canvas = new GpuCanvas(device);
        for (int i = 0; i < 2; i++)
        {
            canvas.Begin(target.Framebuffer, 4, 4, Color.Black);
            pipeline.Value(graph.Outputs[i].Name).Draw(canvas, canvas.Bounds, new PictureHead(-2, 2));
            canvas.End();
            byte[] drawn = target.Read().Pixels;
            for (int part = 0; part < 3; part++)
                Assert.Equal((expected[i][0, part, 0, 0] + 2) / 4 * 255, drawn[part], 1.0f);
        }
    });

    /// <summary>Masks and maps of a network that stores halves are those of one that does not, but for what halves lose.</summary>
    [Fact]
    public void Masks_and_maps_of_halves_look_as_those_of_floats() => gl.Run(device =>
    {
        const int Side = 32;
        var builder = new GraphBuilder(3);
        var x = builder.Start(new Shape(1, 3, 8, 8), "x").Conv2d(6, kernel: 3, padding: 1).Tanh();
        using var graph = builder.Build(x.Conv2d(5, kernel: 1, name: "scores"), x.Then(new Softplus(), "maps"));
        using var floats = new GpuNetwork(device, graph);
        using var halves = new GpuNetwork(device, graph, new NetworkOptions { Halves = HalfStorage.All });
        using var target = new OffscreenTarget(device, Side, Side);
        using var canvas = new GpuCanvas(device);
        byte[][] expected = Draw(floats), drawn = Draw(halves);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(expected[i].Distinct().Count() > 8, "nothing is to be seen");
            int wrong = expected[i].Zip(drawn[i]).Count(pair => Math.Abs(pair.First - pair.Second) > 4);
            Assert.True(wrong <= expected[i].Length / 100, $"{wrong} of {expected[i].Length} bytes differ in picture {i}");
        }

        byte[][] Draw(GpuNetwork network)
        {
            using var pipeline = new GpuPipeline(device);
            pipeline.Use(network, new LiveOptions { Preprocessing = Input, Drawn = ["scores", "maps"] });
            using var pool = new FramePool(1);
            var format = new FrameFormat(8, 8, PixelFormat.Rgb);
            using var frame = new Frame(pool.TryRent(format.Bytes)!, format, default, 0);
            new Random(5).NextBytes(frame.Buffer.Bytes[..format.Bytes]);
            Assert.True(pipeline.TrySubmit(frame));
            pipeline.Finish();
            Assert.True(pipeline.TryTake(out var result));
            return
            [
                Picture(() => pipeline.Value("scores").DrawMask(canvas, canvas.Bounds, result.Mapping, new SegmentationHead())),
                Picture(() => pipeline.Value("maps").DrawMaps(canvas, canvas.Bounds, columns: 3, rows: 2)),
            ];
        }

        byte[] Picture(Action draw)
        {
            canvas.Begin(target.Framebuffer, Side, Side, Color.Black);
            draw();
            canvas.End();
            return [.. target.Read().Pixels];
        }
    });

    [Fact]
    public void A_runner_that_is_not_made_to_its_end_leaves_nothing_behind() => gl.Run(device =>
    {
        using var graph = Build();
        using var network = new GpuNetwork(device, graph);
        // Shaders stay with the device, packed parameters with the network.
        new GpuRunner(device, network, new LiveOptions { Preprocessing = Input }, inFlight: 2).Dispose();
        int before = device.Objects.Alive;
        // No room for results is found out behind the plan and the preprocessing.
        Assert.Throws<ArgumentOutOfRangeException>(() => new GpuRunner(device, network, new LiveOptions { Preprocessing = Input }, inFlight: -1));
        Assert.Equal(before, device.Objects.Alive);
    });

    [Fact]
    public void Runs_of_other_sizes_beside_it_do_not_disturb_a_live_network() => gl.Run(device =>
    {
        using var graph = Build();
        using var network = new GpuNetwork(device, graph, new NetworkOptions { PlansKept = 1 });
        using var pipeline = new GpuPipeline(device);
        pipeline.Use(network, new LiveOptions { Preprocessing = Input });
        Assert.True(Submit(pipeline, 100));
        for (int size = 9; size < 12; size++)
        {
            using var other = new Tensor(new Shape(1, 3, size, size));
            network.Run(other);
        }

        pipeline.Finish();
        Assert.True(pipeline.TryTake(out var result));
        Assert.All(result["greatest"].Span.ToArray(), value => Assert.Equal(100 / 255f, value, 1e-3f));
    });

    [Fact]
    public void What_cannot_be_drawn_or_run_is_refused_with_what_to_do() => gl.Run(device =>
    {
        using var graph = Build();
        using var onCpu = new CpuNetwork(graph);
        using var onGpu = new GpuNetwork(device, graph);
        using var inParts = new MixedNetwork(device, graph);
        using var pipeline = new GpuPipeline(device);
        using var memory = new CpuPipeline();
        Assert.Contains("CpuPipeline", Assert.Throws<NotSupportedException>(() => pipeline.Use(onCpu, new LiveOptions { Preprocessing = Input, Drawn = ["picture"] })).Message, StringComparison.Ordinal);
        Assert.Contains("CpuPipeline", Assert.Throws<NotSupportedException>(() => pipeline.Use(inParts, new LiveOptions { Preprocessing = Input, Drawn = ["picture"] })).Message, StringComparison.Ordinal);
        Assert.Contains("thread of its device", Assert.Throws<ArgumentException>(() => memory.Use(onGpu, new LiveOptions { Preprocessing = Input })).Message, StringComparison.Ordinal);
        pipeline.Use(onCpu, new LiveOptions { Preprocessing = Input });
        Assert.Null(pipeline.Allocator); // Pictures that the CPU reads do not lie in upload memory.
        pipeline.Use(onGpu, new LiveOptions { Preprocessing = Input });
        Assert.NotNull(pipeline.Allocator);
    });

    [Fact]
    public void A_network_that_is_refused_leaves_no_thread_behind() => gl.Run(device =>
    {
        const int Times = 60;
        using var graph = Build();
        using var onCpu = new CpuNetwork(graph);
        using var inParts = new MixedNetwork(device, graph);
        using var pipeline = new GpuPipeline(device);
        var gray = new LiveOptions { Preprocessing = Input with { Order = ColorOrder.Gray } };
        foreach (INetwork network in new INetwork[] { onCpu, inParts })
        {
            int before = Threads();
            for (int i = 0; i < Times; i++)
                Assert.Throws<ShapeException>(() => pipeline.Use(network, gray));
            Assert.InRange(Threads() - before, int.MinValue, Times / 2);
        }

        static int Threads()
        {
            using var process = System.Diagnostics.Process.GetCurrentProcess();
            return process.Threads.Count;
        }
    });

    [Fact]
    public void A_constant_that_comes_back_is_as_it_was_written_last() => gl.Run(device =>
    {
        var builder = new GraphBuilder();
        var x = builder.Input("x", new Shape(1, 3, 8, 8));
        var constant = builder.Add(new Constant(new Shape(2)), [], [new Tensor(new Shape(2), [1, 2])], "constant");
        using var graph = builder.Build(builder.Add(new Einsum("nchw->nchw"), x), constant);
        using var network = new MixedNetwork(device, graph);
        using var pipeline = new GpuPipeline(device);
        pipeline.Use(network, new LiveOptions { Preprocessing = Input });
        foreach (float[] values in new float[][] { [1, 2], [3, 4] })
        {
            constant.Parameters[0].Write(values);
            Assert.True(Submit(pipeline, 100));
            pipeline.Finish();
            Assert.True(pipeline.TryTake(out var result));
            Assert.Equal(values, result["constant"].Span.ToArray());
        }
    });

    private static bool Submit(GpuPipeline pipeline, byte value)
    {
        using var pool = new FramePool();
        var format = new FrameFormat(16, 12, PixelFormat.Rgb);
        var buffer = pool.TryRent(format.Bytes)!;
        buffer.Bytes.Fill(value);
        using var frame = new Frame(buffer, format, FrameClock.Now, 0);
        return pipeline.TrySubmit(frame);
    }

    private static Graph Build()
    {
        var builder = new GraphBuilder();
        var weight = new Tensor(new Shape(3, 1, 1, 1), [1, 1, 1]);
        var picture = builder.Add(new DepthwiseConv2d(3, 1) { HasBias = false }, builder.Input("x", new Shape(1, 3, 8, 8)), [weight], "picture");
        return builder.Build(picture, builder.Add(new GlobalMaxPool(), picture, name: "greatest"));
    }
}
