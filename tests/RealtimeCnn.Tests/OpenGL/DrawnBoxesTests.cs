using RealtimeCnn.Cpu;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.OpenGL.Live;
using GpuLanes = RealtimeCnn.OpenGL.Kernels.Lanes;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>Boxes that are drawn from where shaders find them look like those that came back.</summary>
[Collection(GlTests.Name)]
public class DrawnBoxesTests(GlFixture gl)
{
    private const int Width = 240, Height = 180;
    private static readonly Area Where = new(5, 6, 150, 100);
    private static readonly Color Under = new(0.2f, 0.3f, 0.4f);
    private static readonly Preprocessing Input = new() { Size = 32, Fit = FitMode.Letterbox };
    private static readonly LiveOptions Drawing = new() { Preprocessing = Input, Head = new CentreHead { Threshold = 0.05f }, DrawsFound = true };
    private static readonly BoxPainter Painter = new(["a cat", "dog"]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Boxes_look_alike_whether_they_came_back_or_not(bool labelled) => gl.Run(device =>
    {
        using var graph = SomeBoxes();
        using var network = new GpuNetwork(device, graph);
        using var pipeline = new GpuPipeline(device);
        pipeline.Use(network, Drawing);
        var painter = labelled ? Painter : new BoxPainter();
        for (int seed = 1; seed < 4; seed++)
        {
            var result = Ask(pipeline, seed);
            Assert.InRange(result.Detections.Count, 2, 100);
            Compare(device, result.Mapping, painter, result.Detections, pipeline.Found);
        }
    });

    /// <summary>With landmarks, classes of all colours, names as long as may be, and numbers for those without one.</summary>
    [Theory]
    [InlineData(0, 30)]
    [InlineData(5, 7)]
    [InlineData(2, 0)]
    public void Any_number_of_things_is_drawn(int landmarks, int count) => gl.Run(device =>
    {
        var random = new Random(count);
        var found = new Detections(landmarks);
        float[] rows = new float[HeadKernels.Header + (40 * (6 + (2 * landmarks)))];
        rows.AsSpan().Fill(7);
        rows[0] = count;
        for (int i = 0; i < count; i++)
        {
            var row = rows.AsSpan(HeadKernels.Header + (i * (6 + (2 * landmarks))), 6 + (2 * landmarks));
            foreach (ref float value in row)
                value = random.NextSingle() * 32;
            (row[2], row[3], row[4], row[5]) = (row[0] + row[2], row[1] + row[3], i % 23, 0.5f);
            var points = new System.Numerics.Vector2[landmarks];
            for (int p = 0; p < landmarks; p++)
                points[p] = new(row[6 + (2 * p)], row[7 + (2 * p)]);
            found.Add(new Detection(row[0], row[1], row[2], row[3], i % 23, 0.5f), points);
        }

        using var buffer = GpuBuffer.Create<float>(device, rows, "found");
        var drawn = new GpuDetections(device, buffer, landmarks, classes: 23, most: 40);
        var painter = new BoxPainter(["one", "two words", "", new string('x', 99), "d"]);
        Compare(device, new PictureMapping(new(60, 80), default, new(32, 32), FitMode.Crop), painter, found, drawn);
        drawn.Free();
    });

    [Fact]
    public void Where_nothing_is_found_or_outputs_are_no_numbers_nothing_is_drawn() => gl.Run(device =>
    {
        foreach (float heat in (float[])[-20, float.NaN, float.PositiveInfinity])
        {
            using var graph = SomeBoxes(heat);
            using var network = new GpuNetwork(device, graph);
            using var pipeline = new GpuPipeline(device);
            pipeline.Use(network, Drawing);
            byte[] before = Draw(device, pipeline.Found, new PictureMapping(new(30, 40), default, new(32, 32), FitMode.Letterbox));
            var result = Ask(pipeline, seed: 1);
            Assert.Empty(result.Detections);
            byte[] after = Draw(device, pipeline.Found, result.Mapping);
            Assert.Equal(before, after);
            Assert.All(after.Chunk(4), pixel => Assert.Equal((51, 76, 102), ((int)pixel[0], pixel[1], pixel[2])));
        }

        static byte[] Draw(GlDevice device, LiveDetections found, PictureMapping mapping) => DrawnBoxesTests.Draw(device, canvas => found.Draw(canvas, Where, mapping, Painter));
    });

    [Fact]
    public void In_every_pipeline_the_same_call_draws_the_boxes_of_its_picture() => gl.Run(device =>
    {
        using var graph = SomeBoxes();
        using var onCpu = new CpuNetwork(graph);
        using var inParts = new MixedNetwork(device, graph);
        using var textures = new GpuPipeline(device);
        using var memory = new CpuPipeline();
        foreach (var (pipeline, network) in new (LivePipeline, INetwork)[] { (textures, onCpu), (textures, inParts), (memory, onCpu) })
        {
            pipeline.Use(network, Drawing);
            var result = Ask(pipeline, seed: 2);
            Assert.Same(result.Picture, pipeline.Picture);
            var listed = new CpuCanvas();
            listed.Begin(Width, Height, Under);
            Painter.Draw(listed, result.Detections, Where, result.Mapping);
            var drawn = new CpuCanvas();
            drawn.Begin(Width, Height, Under);
            pipeline.Found.Draw(drawn, Where, result.Mapping, Painter);
            Assert.Equal(listed.Pixels.ToArray(), drawn.Pixels.ToArray());
        }
    });

    /// <summary>Of more classes than a shader may walk.</summary>
    [Fact]
    public void Where_the_CPU_reads_outputs_of_the_GPU_boxes_and_picture_are_those_of_a_result() => gl.Run(device =>
    {
        using var graph = SomeBoxes(classes: GpuLanes.MostTurns / 3);
        using var network = new GpuNetwork(device, graph);
        using var pipeline = new GpuPipeline(device);
        var reader = LiveOutputs.Of(graph, Drawing).NewReader()!;
        Assert.NotNull(HeadKernels.Of(reader.Head, reader.Layout, device.Limits).Refusal);
        pipeline.Use(network, Drawing);
        var result = Ask(pipeline, seed: 1);
        using var pool = new FramePool(1);
        using var next = Picture(pool, seed: 2);
        Assert.True(pipeline.TrySubmit(next));
        Assert.Same(result.Picture, pipeline.Picture);
        Compare(device, result.Mapping, Painter, result.Detections, pipeline.Found);
    });

    [Fact]
    public void What_cannot_be_drawn_so_is_refused_with_what_to_do() => gl.Run(device =>
    {
        using var graph = SomeBoxes();
        using var network = new GpuNetwork(device, graph);
        using var pipeline = new GpuPipeline(device);
        Refuse("needs a Head", Drawing with { Head = null });
        Refuse("not both", Drawing with { Drawn = ["heat"] });
        Refuse("not both", Drawing with { BudgetMs = 1 });
        pipeline.Use(network, Drawing with { DrawsFound = false });
        Assert.Contains("LiveOptions.DrawsFound", Assert.Throws<InvalidOperationException>(() => pipeline.Found).Message, StringComparison.Ordinal);
        pipeline.Use(network, Drawing);
        Assert.Contains(nameof(GpuCanvas), Assert.Throws<ArgumentException>(() => pipeline.Found.Draw(new CpuCanvas(), Where, default, Painter)).Message, StringComparison.Ordinal);

        void Refuse(string message, LiveOptions options) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => pipeline.Use(network, options)).Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_loop_draws_them_at_once_and_leaves_the_hosts_state_as_it_was() => gl.RunFresh(new(), device =>
    {
        using var graph = SomeBoxes();
        using var pool = new FramePool(4);
        using var network = new CameraNetwork(graph, new() { Preprocessing = Input, Head = Drawing.Head, DrawsFound = true, Backend = "gpu" });
        using var target = new OffscreenTarget(device, Width, Height);
        GuestStateTests.MakeOdd(device.Gl);
        network.Initialize(device);
        var host = GlSnapshot.Take(device.Gl);
        Action<Canvas, Area, LiveResult> overlay = (canvas, where, result) => network.Found.Draw(canvas, where, result.Mapping, Painter);
        long allocated = 1, blocking = 0;
        int drawn = 0;

        // Until all of it is compiled to the end; the first turns allocate.
        for (int part = 0; part < 30 && (part < 2 || allocated > 0); part++)
        {
            (allocated, blocking, drawn) = (0, device.BlockingCalls, 0);
            for (int turn = 0; turn < 20; turn++)
            {
                var frame = Picture(pool, turn);
                long before = GC.GetAllocatedBytesForCurrentThread();
                network.Submit(frame);
                network.Update(0.01);
                drawn += network.Draw(target.Framebuffer, new Size2d(Height, Width), overlay) ? 1 : 0;
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            }
        }

        Assert.Equal((0, blocking), (allocated, device.BlockingCalls));
        Assert.InRange(drawn, 1, 20);
        Assert.Empty(GlSnapshot.Differences(host, GlSnapshot.Take(device.Gl)));
    });

    private static void Compare(GlDevice device, PictureMapping mapping, BoxPainter painter, Detections listed, LiveDetections found)
    {
        // Before and behind other shapes.
        var mark = new Area(70, 40, 14, 14);
        byte[] expected = Draw(device, canvas =>
        {
            canvas.Fill(mark, Color.Black);
            painter.Draw(canvas, listed, Where, mapping);
            canvas.Fill(mark.Inset(4), Color.White);
        });
        byte[] actual = Draw(device, canvas =>
        {
            canvas.Fill(mark, Color.Black);
            found.Draw(canvas, Where, mapping, painter);
            canvas.Fill(mark.Inset(4), Color.White);
        });
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 2, $"at {i / 4 % Width}, {i / 4 / Width}: {actual[i]} where it lies, {expected[i]} of what came back");
        Assert.True(listed.Count == 0 || expected.Chunk(4).Count(pixel => pixel[0] != 51) > 600, "nothing was drawn");
    }

    private static byte[] Draw(GlDevice device, Action<GpuCanvas> draw)
    {
        using var target = new OffscreenTarget(device, Width, Height);
        using var canvas = new GpuCanvas(device);
        canvas.Begin(target.Framebuffer, Width, Height, Under, scale: 1.5f);
        draw(canvas);
        canvas.End();
        return target.Read().Pixels;
    }

    private static LiveResult Ask(LivePipeline pipeline, int seed)
    {
        using var pool = new FramePool(1);
        using var frame = Picture(pool, seed);
        Assert.True(pipeline.TrySubmit(frame));
        pipeline.Finish();
        Assert.True(pipeline.TryTake(out var result));
        return result;
    }

    private static Frame Picture(FramePool pool, int seed)
    {
        var format = new FrameFormat(40, 30, PixelFormat.Rgb);
        var buffer = pool.TryRent(format.Bytes)!;
        new Random(seed).NextBytes(buffer.Bytes[..format.Bytes]);
        return new Frame(buffer, format, TimeSpan.FromMilliseconds(seed), seed);
    }

    /// <summary>Finds something at the lightest of neighbouring places, of classes and sizes that follow from the colours.</summary>
    private static Graph SomeBoxes(float heat = -1, int classes = 2)
    {
        var builder = new GraphBuilder(1);
        var places = builder.Start(new Shape(1, 3, 32, 32), "picture").AveragePool2d(4);
        var graph = builder.Build(places.Conv2d(1, kernel: 1, name: "heat"), places.Conv2d(classes, kernel: 1, name: "classes"), places.Conv2d(4, kernel: 1, name: "boxes"));
        graph["heat"].Parameters[1].Write([heat]);
        graph["boxes"].Parameters[1].Write([0, 0, -0.5f, -0.3f]);
        return graph;
    }
}
