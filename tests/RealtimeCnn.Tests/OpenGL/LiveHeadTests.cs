using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Live;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>A live detector's results carry what was found, wherever its network runs, and cost a loop nothing.</summary>
[Collection(GlTests.Name)]
public class LiveHeadTests(GlFixture gl)
{
    private static readonly Preprocessing Input = new() { Size = 32 };
    private static readonly LiveOptions Finding = new() { Preprocessing = Input, Head = new CentreHead() };

    [Fact]
    public void Things_come_in_place_of_outputs_from_every_pipeline() => gl.Run(device =>
    {
        using var graph = OneBox();
        using var onCpu = new CpuNetwork(graph);
        using var onGpu = new GpuNetwork(device, graph);
        using var inParts = new MixedNetwork(device, graph);
        using var memory = new CpuPipeline();
        using var textures = new GpuPipeline(device);
        foreach (var (pipeline, network) in new (LivePipeline, INetwork)[] { (memory, onCpu), (textures, onCpu), (textures, onGpu), (textures, inParts) })
        {
            pipeline.Use(network, Finding);
            var result = Ask(pipeline);
            Assert.Empty(result.Outputs);
            VerifyBox(result.Detections);
            pipeline.Use(network, Finding with { KeepsOutputs = true });
            result = Ask(pipeline);
            Assert.Equal([new Shape(1, 1, 8, 8), new Shape(1, 2, 8, 8), new Shape(1, 4, 8, 8)], result.Outputs.Select(output => output.Shape));
            Assert.All(result["heat"].Span.ToArray(), heat => Assert.Equal(4, heat));
            VerifyBox(result.Detections);
            pipeline.Use(network, new LiveOptions { Preprocessing = Input });
            Assert.Contains("LiveOptions.Head", Assert.Throws<InvalidOperationException>(() => Ask(pipeline).Detections).Message, StringComparison.Ordinal);
            Assert.Contains("'yunet' reads", Assert.Throws<ArgumentException>(() => pipeline.Use(network, Finding with { Head = new YuNetHead() })).Message, StringComparison.Ordinal);
        }
    });

    /// <summary>What is drawn stays in the layout in which it is computed, where the head's shaders do not read it.</summary>
    [Fact]
    public void Outputs_that_are_drawn_are_read_too() => gl.Run(device =>
    {
        using var graph = OneBox();
        using var network = new GpuNetwork(device, graph);
        using var pipeline = new GpuPipeline(device);
        pipeline.Use(network, Finding with { Drawn = ["heat"] });
        VerifyBox(Ask(pipeline).Detections);
        Assert.Equal(new Shape(1, 1, 8, 8), pipeline.Value("heat").Shape);
    });

    [Fact]
    public async Task Results_on_another_thread_have_their_things()
    {
        using var graph = OneBox();
        using var network = new CpuNetwork(graph);
        using var pipeline = new CpuPipeline();
        pipeline.Use(network, Finding);
        await using var results = pipeline.Results().GetAsyncEnumerator();
        var first = results.MoveNextAsync();
        Ask(pipeline);
        Assert.True(await first);
        VerifyBox(results.Current.Detections);
    }

    [Fact]
    public void A_head_is_made_ready_with_its_network_and_frees_what_it_took() => gl.Run(device =>
    {
        using var graph = OneBox();
        using var network = new GpuNetwork(device, graph);
        new GpuRunner(device, network, Finding, inFlight: 2).Dispose();
        int before = device.Objects.Alive;
        new GpuRunner(device, network, Finding, inFlight: 2).Dispose();
        Assert.Equal(before, device.Objects.Alive);
        using var pipeline = new GpuPipeline(device);
        using var build = pipeline.Prepare(network, Finding);
        double progress = 0;
        while (!build.Advance(TimeSpan.Zero))
        {
            Assert.InRange(build.Progress, progress, 1);
            progress = build.Progress;
        }

        var counts = device.ProgramCounts;
        pipeline.Use(network, Finding);
        Assert.Equal(counts, device.ProgramCounts);
    });

    [Fact]
    public void A_steady_loop_allocates_nothing_and_never_waits_for_the_GPU()
    {
        using var graph = OneBox();
        using var pool = new FramePool(300);
        gl.Run(device =>
        {
            using var network = new CameraNetwork(graph, new() { Preprocessing = Input, Head = new CentreHead(), Backend = "gpu" });
            network.Initialize(device);
            var frames = new Queue<Frame>(Enumerable.Range(0, 300).Select(i => Picture(pool, i)));
            Loop(network, frames, 200);
            long blocking = device.BlockingCalls, managed = GC.GetAllocatedBytesForCurrentThread();
            int found = Loop(network, frames, 100);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - managed);
            Assert.Equal(blocking, device.BlockingCalls);
            Assert.True(found > 20, $"{found} things were found.");
        });

        static int Loop(CameraNetwork network, Queue<Frame> frames, int turns)
        {
            int found = 0;
            for (int i = 0; i < turns; i++)
            {
                network.Submit(frames.Dequeue());
                network.Update(1 / 60.0);
                if (network.TryGetLatest(out var result))
                    found += result.Detections.Count;
            }

            return found;
        }
    }

    private static void VerifyBox(Detections found)
    {
        // At 20, 12 with sides of 16.
        var box = Assert.Single(found);
        Assert.Equal([12, 4, 28, 20], [box.Left, box.Top, box.Right, box.Bottom], (a, b) => Math.Abs(a - b) < 1e-4f);
        Assert.Equal((0, 1 / (1 + MathF.Exp(-4)) / (1 + MathF.Exp(-9))), (box.Class, box.Score), (a, b) => a.Item1 == b.Item1 && Math.Abs(a.Item2 - b.Item2) < 1e-5f);
    }

    private static LiveResult Ask(LivePipeline pipeline)
    {
        using var pool = new FramePool(1);
        using var frame = Picture(pool, 0);
        Assert.True(pipeline.TrySubmit(frame));
        pipeline.Finish();
        Assert.True(pipeline.TryTake(out var result));
        return result;
    }

    private static Frame Picture(FramePool pool, long number)
    {
        var format = new FrameFormat(40, 32, PixelFormat.Rgb);
        return new Frame(pool.TryRent(format.Bytes)!, format, TimeSpan.FromMilliseconds(number), number);
    }

    /// <summary>Finds one thing, whatever it sees: where all places are alike, the first is the peak.</summary>
    private static Graph OneBox()
    {
        var builder = new GraphBuilder(1);
        var places = builder.Start(new Shape(1, 3, 32, 32), "picture").AveragePool2d(4);
        var graph = builder.Build(places.Conv2d(1, kernel: 1, name: "heat"), places.Conv2d(2, kernel: 1, name: "classes"), places.Conv2d(4, kernel: 1, name: "boxes"));
        foreach (var (name, biases) in new (string, float[])[] { ("heat", [4]), ("classes", [9, 0]), ("boxes", [5, 3, 0, 0]) })
        {
            graph[name].Parameters[0].Write(new float[graph[name].Parameters[0].Shape.Count]);
            graph[name].Parameters[1].Write(biases);
        }

        return graph;
    }
}
