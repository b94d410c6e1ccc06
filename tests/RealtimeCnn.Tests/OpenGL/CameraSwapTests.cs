using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>A host changes the network that its camera runs, and no update does more than one unit of the work.</summary>
[Collection(GlTests.Name)]
public sealed class CameraSwapTests(GlFixture gl)
{
    private static readonly Preprocessing Input = new() { Size = new Size2d(4, 4) };
    private readonly List<double> _progress = [];

    [Theory]
    [InlineData("gpu", false)]
    [InlineData("gpu", true)]
    [InlineData("cpu", false)]
    public void The_old_network_answers_until_the_new_one_is_ready(string backend, bool isMixed)
    {
        using Graph first = Scaled(2, isMixed: false), second = Scaled(3, isMixed);
        using var pool = new FramePool();
        var log = new CollectingLogger();
        gl.RunFresh(new() { Logger = log }, device =>
        {
            using (var camera = new CameraNetwork(first, new() { Preprocessing = Input, Backend = backend }))
            {
                camera.Initialize(device);
                Assert.Null(camera.SwapProgress);
                Assert.Equal(2, Factor(camera, device, pool), 1e-4f);
                camera.Swap(second, null, TimeSpan.Zero);
                while (camera.SwapProgress != null)
                {
                    float factor = Factor(camera, device, pool);
                    Assert.Equal(camera.SwapProgress == null ? 3 : 2, factor, 1e-4f);
                }

                Assert.True(_progress.Count > 4, $"It was ready after {_progress.Count} updates.");
                Assert.Equal(_progress.Order(), _progress);
                Assert.Equal(3, Factor(camera, device, pool), 1e-4f);
                Assert.StartsWith(isMixed ? "mixed" : backend, camera.Choice, StringComparison.Ordinal);
            }
        });
        Assert.DoesNotContain(log.Entries, entry => entry.Text.StartsWith("Leaked", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_size_of_input_and_a_change_of_mind()
    {
        using Graph first = Scaled(2, isMixed: false), second = Scaled(3, isMixed: false), third = Scaled(5, isMixed: false, size: 8);
        using var pool = new FramePool();
        var log = new CollectingLogger();
        gl.RunFresh(new() { Logger = log }, device =>
        {
            using (var camera = new CameraNetwork(first, new() { Preprocessing = Input, Backend = "gpu" }))
            {
                camera.Initialize(device);
                Assert.ThrowsAny<ArgumentException>(() => camera.Swap(third, Input with { Order = ColorOrder.Gray }, TimeSpan.Zero));
                camera.Swap(second, null, TimeSpan.Zero);
                camera.Update(0.01);
                camera.Swap(third, Input with { Size = new Size2d(8, 8) }, TimeSpan.FromHours(1));
                camera.Update(0.01);
                Assert.Null(camera.SwapProgress);
                Assert.Equal(5, Factor(camera, device, pool), 1e-4f);
                // One that is never ready goes with the camera.
                camera.Swap(second, Input, TimeSpan.Zero);
                camera.Update(0.01);
            }
        });
        Assert.DoesNotContain(log.Entries, entry => entry.Text.StartsWith("Leaked", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gpu", false)] // Which layers have a shader is known of a plan alone.
    [InlineData("cpu", true)]
    public void What_cannot_be_made_is_an_error_and_the_old_network_goes_on(string backend, bool isLater)
    {
        using Graph small = Scaled(2, isMixed: false), large = Scaled(3, isMixed: false, size: 64);
        using var pool = new FramePool();
        gl.Run(device =>
        {
            using var camera = new CameraNetwork(small, new() { Preprocessing = Input, Backend = backend, Network = new NetworkOptions { MaxActivationBytes = 20_000 } });
            camera.Initialize(device);
            void Swap() => camera.Swap(large, Input with { Size = new Size2d(64, 64) }, TimeSpan.FromHours(1));
            if (isLater)
                Swap();
            Assert.Throws<ShapeException>(isLater ? () => camera.Update(0.01) : Swap);
            Assert.Null(camera.SwapProgress);
            Assert.Equal(2, Factor(camera, device, pool), 1e-4f);
        });
    }

    /// <summary>What the network multiplies a picture by.</summary>
    private float Factor(CameraNetwork camera, GlDevice device, FramePool pool)
    {
        LiveResult? result;
        do
        {
            // A swap drops what is under way.
            if (camera.IsIdle)
                camera.Submit(Picture(pool));
            camera.Update(0);
            if (camera.SwapProgress is { } share)
                _progress.Add(share);
            device.Finish();
        }
        while (!camera.TryGetLatest(out result));
        return result.Outputs[0].Span[0] / 0.2f;
    }

    private static Frame Picture(FramePool pool)
    {
        var format = new FrameFormat(6, 5, PixelFormat.Rgb);
        var buffer = pool.TryRent(format.Bytes)!;
        buffer.Bytes.Fill(51);
        return new Frame(buffer, format, FrameClock.Now, 0);
    }

    private static Graph Scaled(float factor, bool isMixed, int size = 4)
    {
        var builder = new GraphBuilder();
        var x = builder.Add(new DepthwiseConv2d(3, 1) { HasBias = false }, builder.Input("picture", new Shape(1, 3, size, size)), [new Tensor(new Shape(3, 1, 1, 1), [factor, factor, factor])]);
        return builder.Build(isMixed ? builder.Add(new Einsum("nchw->nchw"), x) : x);
    }
}
