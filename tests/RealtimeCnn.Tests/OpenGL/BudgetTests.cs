using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Live;
using RealtimeCnn.Tests.Contract;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>A network too slow for one frame is spread over several, by durations that the tests give: no clock decides here.</summary>
[Collection(GlTests.Name)]
public sealed class BudgetTests(GlFixture gl)
{
    private static readonly Preprocessing Input = new() { Size = new Size2d(8, 8) };

    [Theory]
    [InlineData(null, new[] { 3.0, 3, 3 }, new[] { 3 })]
    [InlineData(6.0, new[] { 3.0, 3, 3 }, new[] { 2, 3 })]
    [InlineData(5.9, new[] { 3.0, 3, 3 }, new[] { 1, 2, 3 })]
    [InlineData(1.0, new[] { 9.0, 0.4, 0.4, 0.4 }, new[] { 1, 3, 4 })]
    [InlineData(1.0, new[] { 0.1, double.NaN, 0.1, 0.1 }, new[] { 1, 2, 4 })]
    [InlineData(1.0, new double[0], new[] { 0 })]
    public void Slices_take_what_fits_and_one_step_at_least(double? budget, double[] milliseconds, int[] ends) =>
        Assert.Equal(ends, StepSlices.Ends(milliseconds, budget));

    [Theory]
    [InlineData(4.0, 3)]
    [InlineData(6.0, 2)]
    [InlineData(100.0, 1)]
    public void A_result_comes_after_as_many_frames_as_there_are_slices_and_is_the_same(double budget, int slices)
    {
        using var graph = Chain(5);
        using var pool = new FramePool();
        gl.Run(device =>
        {
            using var network = new GpuNetwork(device, graph);
            using var pipeline = new GpuPipeline(device);
            pipeline.Use(network, new LiveOptions { Preprocessing = Input });
            float[] expected = Run(pipeline, pool, 0, frames: 1).Outputs[0].Span.ToArray();

            pipeline.Use(network, new LiveOptions { Preprocessing = Input, BudgetMs = budget, StepMilliseconds = [2, 2, 2, 2, 2] });
            for (int picture = 0; picture < 2; picture++)
            {
                var result = Run(pipeline, pool, picture, slices);
                Assert.Equal(expected, result.Outputs[0].Span.ToArray());
                Assert.Equal(slices - 1, result.Frames);
            }
        });
    }

    [Fact]
    public void The_next_picture_waits_for_a_frame_of_its_own_and_who_finishes_waits_for_no_frame()
    {
        using var graph = Chain(4);
        using var pool = new FramePool();
        gl.Run(device =>
        {
            using var network = new GpuNetwork(device, graph);
            using var pipeline = new GpuPipeline(device);
            pipeline.Use(network, new LiveOptions { Preprocessing = Input, BudgetMs = 2, StepMilliseconds = [1, 1, 1, 1] });
            Assert.True(Submit(pipeline, pool, 0));
            Assert.False(pipeline.HasRoom);
            pipeline.BeginFrame();
            // The second and last slice was this frame's.
            Assert.False(Submit(pipeline, pool, 1));
            pipeline.BeginFrame();
            Assert.True(Submit(pipeline, pool, 1));
            pipeline.Finish();
            Assert.True(pipeline.TryTake(out var result));
            Assert.Equal(1, result.Sequence);
        });
    }

    [Fact]
    public void Durations_are_measured_while_a_network_is_made_ready_one_step_in_a_slice()
    {
        using var graph = Chain(4);
        gl.Run(device =>
        {
            using var network = new GpuNetwork(device, graph);
            using var plan = network.TakeResident(blockedInputs: true, plainOutputs: true, isTimed: true, Input.Shape);
            Assert.Equal(plan.Plan.Steps.Count, plan.StepMilliseconds.Length);
            Assert.All(plan.StepMilliseconds, milliseconds => Assert.True(milliseconds > 0));
        });
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("mixed")]
    public void A_host_gives_a_budget_and_gets_each_result_with_its_age(string backend)
    {
        using var graph = backend == "gpu" ? Chain(4) : NetworkCases.Net("mixed");
        using var pool = new FramePool();
        gl.Run(device =>
        {
            var size = backend == "gpu" ? Input.Size : new Size2d(NetworkCases.Picture.Height, NetworkCases.Picture.Width);
            // Every step takes longer than that.
            using var network = new CameraNetwork(graph, new CameraNetworkOptions { Preprocessing = Input with { Size = size }, Backend = "gpu", BudgetMs = 1e-9 });
            network.Initialize(device);
            network.Submit(Picture(pool, 7));
            LiveResult? result = null;
            for (int frame = 0; frame < 10_000 && !network.TryGetLatest(out result); frame++)
            {
                network.Update(1 / 60.0);
                device.Finish();
            }

            Assert.NotNull(result);
            Assert.Equal(7, result.Sequence);
            Assert.True(result.Frames >= (backend == "gpu" ? 3 : 1), $"It came after {result.Frames} frames.");
        });
    }

    [Fact]
    public void A_budget_that_is_no_time_or_with_values_to_draw_is_refused()
    {
        using var graph = Chain(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LiveOptions { Preprocessing = Input, BudgetMs = 0 }.Verify(graph));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LiveOptions { Preprocessing = Input, BudgetMs = double.NaN }.Verify(graph));
        Assert.Contains("not both", Assert.Throws<ArgumentException>(() => new LiveOptions { Preprocessing = Input, BudgetMs = 1, Drawn = [graph.Outputs[0].Name] }.Verify(graph)).Message, StringComparison.Ordinal);
    }

    /// <summary>Convolutions one behind the other, a step each.</summary>
    private static Graph Chain(int length)
    {
        var builder = new GraphBuilder(seed: 6);
        var x = builder.Input("x", Input.Shape);
        for (int i = 0; i < length; i++)
            x = builder.Add(new Conv2d(3, 3, 3) { Padding = 1, Activation = Activation.Relu }, x);
        return builder.Build(builder.Add(new GlobalMaxPool(), x));
    }

    private static LiveResult Run(GpuPipeline pipeline, FramePool pool, long sequence, int frames)
    {
        pipeline.BeginFrame();
        Assert.True(Submit(pipeline, pool, sequence));
        LiveResult? result = null;
        for (int frame = 1; frame < frames; frame++)
        {
            Assert.False(pipeline.TryTake(out result), $"It came in frame {frame} of {frames}.");
            pipeline.BeginFrame();
        }

        // Nothing is left to enqueue; to wait is no frame.
        while (!pipeline.TryTake(out result))
            pipeline.Device.Finish();
        return result;
    }

    private static bool Submit(GpuPipeline pipeline, FramePool pool, long sequence)
    {
        using var frame = Picture(pool, sequence);
        return pipeline.TrySubmit(frame);
    }

    private static Frame Picture(FramePool pool, long sequence)
    {
        var format = new FrameFormat(8, 8, PixelFormat.Rgb);
        var buffer = pool.TryRent(format.Bytes)!;
        new Random(3).NextBytes(buffer.Bytes[..format.Bytes]);
        return new Frame(buffer, format, FrameClock.Now, sequence);
    }
}
