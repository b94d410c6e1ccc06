using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.OpenGL.Live;
using RealtimeCnn.Tests.Live;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>Which picture is drawn while a slow network is at an earlier one: its own, or the newest.</summary>
[Collection(GlTests.Name)]
public sealed class ResultMatchTests(GlFixture gl)
{
    private static readonly Preprocessing Input = new() { Size = new Size2d(8, 8) };

    [Theory]
    [InlineData(ResultMatch.ExactMatch)]
    [InlineData(ResultMatch.LowestLatency)]
    public void In_memory_what_is_drawn_is_what_was_asked_for(ResultMatch match) => Follow(match, null);

    [Theory]
    [InlineData(ResultMatch.ExactMatch)]
    [InlineData(ResultMatch.LowestLatency)]
    public void On_a_device_what_is_drawn_is_what_was_asked_for(ResultMatch match) => gl.Run(device => Follow(match, device));

    [Fact]
    public void A_network_in_slices_is_shown_newer_pictures_and_takes_the_newest_of_them()
    {
        using var graph = Chain();
        using var pool = new FramePool();
        gl.Run(device =>
        {
            using var network = new GpuNetwork(device, graph);
            using var pipeline = new GpuPipeline(device, inFlight: 1);
            pipeline.Use(network, new LiveOptions { Preprocessing = Input, BudgetMs = 1, StepMilliseconds = [1, 1, 1, 1] });
            Assert.Null(pipeline.Shown);
            Assert.False(pipeline.TrySubmitShown());
            Show(0);
            Assert.True(pipeline.TrySubmitShown());
            for (int i = 1; i < 9; i++)
            {
                Show(i);
                Assert.Equal(i, pipeline.Shown!.Sequence);
                Assert.False(pipeline.TrySubmitShown());
            }

            Assert.Equal(0, Next());
            // The last slice was that frame's.
            pipeline.BeginFrame();
            Assert.True(pipeline.TrySubmitShown());
            Assert.Equal(8, Next());

            void Show(int number)
            {
                using var frame = ScriptedSource.Picture(pool, number, 50);
                Assert.True(pipeline.TryShow(frame));
            }

            long Next()
            {
                LiveResult? result;
                do
                {
                    pipeline.BeginFrame();
                    device.Finish();
                }
                while (!pipeline.TryTake(out result));
                return result.Sequence;
            }
        });
    }

    [Fact]
    public void Showing_the_newest_picture_allocates_nothing_and_waits_for_nobody()
    {
        using var graph = Chain();
        using var pool = new FramePool();
        gl.Run(device =>
        {
            using var target = new OffscreenTarget(device, 8, 8);
            using var camera = new CameraNetwork(graph, new() { Preprocessing = Input, Backend = "gpu", Match = ResultMatch.LowestLatency });
            camera.Initialize(device);
            long allocated = 0, blocking = 0;
            for (int turn = 0; turn < 60; turn++)
            {
                var picture = ScriptedSource.Picture(pool, turn, 50);
                (long before, long blocked) = (GC.GetAllocatedBytesForCurrentThread(), device.BlockingCalls);
                camera.Submit(picture);
                camera.Update(1 / 60.0);
                camera.Draw(target.Framebuffer, new Size2d(8, 8));
                if (turn >= 30)
                    (allocated, blocking) = (allocated + GC.GetAllocatedBytesForCurrentThread() - before, blocking + device.BlockingCalls - blocked);
                device.Finish();
            }

            Assert.Equal((0, 0), (allocated, blocking));
            Assert.True(camera.FramesProcessed > 30, $"{camera.FramesProcessed} pictures were processed.");
        });
    }

    // Pictures 0, 1 and 2 are 40, 80 and 120; the network lets the first and the last through, one by one.
    private static void Follow(ResultMatch match, GlDevice? device)
    {
        bool isLive = match == ResultMatch.LowestLatency;
        using var gate = new SemaphoreSlim(0);
        using var pool = new FramePool();
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new GatedLayer(gate), builder.Input("x", new Shape(1, 3, 8, 8))));
        using var camera = new CameraNetwork(graph, new() { Preprocessing = Input, Backend = "cpu", Match = match });
        using var target = device == null ? null : new OffscreenTarget(device, 8, 8);
        if (device == null)
            camera.Initialize();
        else
            camera.Initialize(device);
        Assert.Null(Drawn(out _));
        for (int i = 0; i < 3; i++)
        {
            long revision = camera.Revision;
            camera.Submit(ScriptedSource.Picture(pool, i, (byte)(40 * (i + 1))));
            camera.Update(0);
            Assert.Equal(isLive ? 40 * (i + 1) : null, Drawn(out long? early));
            Assert.Null(early);
            Assert.Equal(isLive ? revision + 1 : revision, camera.Revision);
        }

        Assert.Equal(1, camera.FramesDropped);
        Assert.False(camera.IsIdle);
        Await(1);
        Assert.Equal(isLive ? 120 : 40, Drawn(out long? first));
        Assert.Equal(0, first);
        Await(2);
        Assert.Equal(120, Drawn(out long? last));
        Assert.Equal(2, last);
        Assert.True(camera.IsIdle);

        void Await(int results)
        {
            gate.Release();
            while (camera.FramesProcessed < results)
                camera.Update(0);
        }

        int? Drawn(out long? result)
        {
            long? sequence = null;
            var canvas = new CpuCanvas();
            canvas.Begin(8, 8, Color.Black);
            bool isDrawn = target == null
                ? camera.Draw(canvas, (_, _, shown) => sequence = shown.Sequence)
                : camera.Draw(target.Framebuffer, new Size2d(8, 8), (_, _, shown) => sequence = shown.Sequence);
            result = sequence;
            return !isDrawn ? null : target == null ? canvas.Pixels[4 * 36] : target.Read().Pixels[4 * 36];
        }
    }

    /// <summary>Convolutions one behind the other, four steps.</summary>
    private static Graph Chain()
    {
        var builder = new GraphBuilder(seed: 6);
        var x = builder.Input("x", Input.Shape);
        for (int i = 0; i < 4; i++)
            x = builder.Add(new Conv2d(3, 3, 3) { Padding = 1, Activation = Activation.Relu }, x);
        return builder.Build(builder.Add(new GlobalMaxPool(), x));
    }
}
