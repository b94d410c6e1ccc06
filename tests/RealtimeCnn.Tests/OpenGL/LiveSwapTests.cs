using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL.Live;
using RealtimeCnn.Tests.Contract;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>A running loop takes another network without a pause: it is made ready unit by unit, while the one before goes on.</summary>
[Collection(GlTests.Name)]
public sealed class LiveSwapTests(GlFixture gl)
{
    private static readonly LiveOptions Options = new() { Preprocessing = new Preprocessing { Size = new Size2d(4, 4) } };

    public static TheoryData<string> Backends => [.. NetworkCases.Backends];

    [Theory]
    [MemberData(nameof(Backends))]
    public void Pictures_go_through_the_old_network_until_the_new_one_is_ready(string backend)
    {
        using Graph first = Scaled(2, backend), second = Scaled(3, backend);
        using var pool = new FramePool();
        gl.Run(device =>
        {
            using INetwork one = NetworkCases.Make(backend, device, first), other = NetworkCases.Make(backend, device, second);
            using var pipeline = new GpuPipeline(device);
            pipeline.Use(one, Options);
            int turns = 0;
            using (var build = pipeline.Prepare(other, Options))
            {
                for (bool isReady = false; !isReady; turns++)
                {
                    Assert.Equal(2, Factor(pipeline, pool, turns), 1e-4f);
                    isReady = build.Advance(TimeSpan.Zero);
                }
            }

            Assert.True(turns > 4, $"It was ready after {turns} units.");
            Assert.InRange(UnitsLeft(pipeline, other), 0, turns / 2);
            pipeline.Use(other, Options);
            Assert.Equal(3, Factor(pipeline, pool, turns), 1e-4f);
            // The CPU's plans are shared by whoever runs the network; one on the device was taken, and is no longer there to take.
            if (backend == "gpu")
                Assert.InRange(UnitsLeft(pipeline, other), 2, turns);
        });
    }

    private static int UnitsLeft(GpuPipeline pipeline, INetwork network)
    {
        using var build = pipeline.Prepare(network, Options);
        int units = 0;
        while (!build.Advance(TimeSpan.Zero))
            units++;
        return units;
    }

    /// <summary>What the pipeline's network multiplies a picture by.</summary>
    private static float Factor(GpuPipeline pipeline, FramePool pool, long sequence)
    {
        var format = new FrameFormat(6, 5, PixelFormat.Rgb);
        var buffer = pool.TryRent(format.Bytes)!;
        buffer.Bytes.Fill(51);
        using (var frame = new Frame(buffer, format, FrameClock.Now, sequence))
            Assert.True(pipeline.TrySubmit(frame));
        pipeline.Finish();
        Assert.True(pipeline.TryTake(out var result));
        return result["scaled"].Span[0] / 0.2f;
    }

    /// <summary>A picture times a factor; for a mixed network the way there is the CPU's.</summary>
    private static Graph Scaled(float factor, string backend)
    {
        var builder = new GraphBuilder();
        var x = builder.Input("picture", new Shape(1, 3, 4, 4));
        var scaled = builder.Add(new DepthwiseConv2d(3, 1) { HasBias = false }, x, [new Tensor(new Shape(3, 1, 1, 1), [factor, factor, factor])], backend == "mixed" ? "before" : "scaled");
        return builder.Build(backend == "mixed" ? builder.Add(new Einsum("nchw->nchw"), scaled, name: "scaled") : scaled);
    }
}
