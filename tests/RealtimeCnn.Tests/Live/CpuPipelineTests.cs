using RealtimeCnn.Cpu;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;

namespace RealtimeCnn.Tests.Live;

/// <summary>The live pipeline without a GPU: what every pipeline promises, seen from outside.</summary>
public sealed class CpuPipelineTests : IDisposable
{
    private static readonly Preprocessing Input = new() { Size = new Size2d(4, 4) };
    private readonly FramePool _pool = new();
    private readonly CpuPipeline _pipeline = new();

    [Fact]
    public void Results_belong_to_their_pictures_and_hold_until_the_next_is_taken()
    {
        using var graph = Scaled(2);
        using var network = new CpuNetwork(graph);
        _pipeline.Use(network, new LiveOptions { Preprocessing = Input });
        Assert.Null(_pipeline.Picture);
        for (int i = 0; i < 3; i++)
        {
            Submit(i, (byte)(10 * i));
            _pipeline.Finish();
            Assert.True(_pipeline.TryTake(out var result));
            Assert.Equal((i, i + 1L), (result.Sequence, _pipeline.FramesProcessed));
            Assert.All(result["scaled"].Span.ToArray(), value => Assert.Equal(20f * i / 255, value, 1e-5f));
            Assert.Same(result.Picture, _pipeline.Picture);
            Assert.Same(network, result.Network);
            Assert.False(_pipeline.TryTake(out _));
            Assert.True(_pipeline.IsIdle);
        }

        Assert.Contains("scaled", Assert.Throws<KeyNotFoundException>(() => Take()["other"]).Message, StringComparison.Ordinal);

        LiveResult Take()
        {
            Submit(9, 9);
            _pipeline.Finish();
            Assert.True(_pipeline.TryTake(out var result));
            return result;
        }
    }

    [Fact]
    public void One_picture_is_under_way_at_a_time_and_the_caller_is_told()
    {
        using var gate = new ManualResetEventSlim();
        using var graph = Scaled(2);
        using var network = new GatedNetwork(graph, gate);
        _pipeline.Use(network, new LiveOptions { Preprocessing = Input });
        Submit(0, 1);
        using (var second = Picture(1, 2))
            Assert.False(_pipeline.TrySubmit(second));
        Assert.False(_pipeline.TryTake(out _));
        Assert.False(_pipeline.IsIdle);
        gate.Set();
        _pipeline.Finish();
        Assert.True(_pipeline.HasRoom);
    }

    [Fact]
    public void Another_network_takes_over_and_sees_the_picture_that_stands_still()
    {
        using var first = Scaled(2);
        using var second = Scaled(3);
        using var one = new CpuNetwork(first);
        using var other = new CpuNetwork(second);
        _pipeline.Use(one, new LiveOptions { Preprocessing = Input });
        Assert.False(_pipeline.TryRepeat());
        Submit(7, 50);
        _pipeline.Use(other, new LiveOptions { Preprocessing = Input });
        Assert.False(_pipeline.TryTake(out _));
        Assert.True(_pipeline.TryRepeat());
        _pipeline.Finish();
        Assert.True(_pipeline.TryTake(out var result));
        Assert.Equal(7, result.Sequence);
        Assert.Equal(150f / 255, result.Outputs[0].Span[0], 1e-5f);
        Assert.Same(other, _pipeline.Network);
    }

    [Fact]
    public void A_network_that_cannot_be_used_leaves_the_one_before()
    {
        using var graph = Scaled(2);
        using var network = new CpuNetwork(graph);
        _pipeline.Use(network, new LiveOptions { Preprocessing = Input });
        var gray = new LiveOptions { Preprocessing = Input with { Order = ColorOrder.Gray } };
        Assert.Throws<ShapeException>(() => _pipeline.Use(network, gray));
        Assert.Contains("'nothing'", Assert.Throws<ArgumentException>(() => _pipeline.Use(network, new LiveOptions { Preprocessing = Input, Drawn = ["nothing"] })).Message, StringComparison.Ordinal);
        Submit(0, 10);
        _pipeline.Finish();
        Assert.True(_pipeline.TryTake(out _));
    }

    [Fact]
    public void Values_are_drawn_and_not_returned()
    {
        using var graph = Scaled(1);
        using var network = new CpuNetwork(graph);
        _pipeline.Use(network, new LiveOptions { Preprocessing = Input, Drawn = ["scaled"] });
        Submit(0, 200);
        _pipeline.Finish();
        Assert.True(_pipeline.TryTake(out var result));
        Assert.Empty(result.Outputs);
        var canvas = new CpuCanvas();
        canvas.Begin(8, 4, Color.Black);
        _pipeline.Value("scaled").Draw(canvas, new Area(0, 0, 4, 4));
        _pipeline.Picture!.Draw(canvas, new Area(4, 0, 4, 4));
        Assert.All(canvas.Pixels.ToArray().Where((_, i) => i % 4 < 3), value => Assert.Equal(200, value));
        Assert.Equal(new Shape(1, 3, 4, 4), _pipeline.Value("scaled").Shape);
        Assert.Contains("scaled", Assert.Throws<KeyNotFoundException>(() => _pipeline.Value("picture")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_network_throws_comes_out_of_the_next_call_and_the_pipeline_goes_on()
    {
        using var gate = new ManualResetEventSlim(initialState: true);
        using var graph = Scaled(2);
        using var network = new GatedNetwork(graph, gate) { Fails = true };
        _pipeline.Use(network, new LiveOptions { Preprocessing = Input });
        Submit(0, 1);
        Assert.Throws<InvalidTimeZoneException>(_pipeline.Finish);
        network.Fails = false;
        Submit(1, 1);
        _pipeline.Finish();
        Assert.True(_pipeline.TryTake(out var result));
        Assert.Equal(1, result.Sequence);
    }

    [Fact]
    public void Disposal_cancels_the_run_and_frees_everything()
    {
        using var gate = new ManualResetEventSlim();
        using var graph = Scaled(2);
        using var network = new GatedNetwork(graph, gate);
        _pipeline.Use(network, new LiveOptions { Preprocessing = Input });
        Submit(0, 1);
        _pipeline.Dispose();
        Assert.True(network.WasCancelled);
        Assert.Throws<ObjectDisposedException>(() => _pipeline.TryTake(out _));
    }

    [Fact]
    public void Without_a_network_the_pipeline_says_what_to_do()
    {
        using var frame = Picture(0, 0);
        Assert.Contains("Use", Assert.Throws<InvalidOperationException>(() => _pipeline.TrySubmit(frame)).Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _pipeline.Dispose();
        _pool.Dispose();
    }

    private static Graph Scaled(float factor)
    {
        var builder = new GraphBuilder();
        var x = builder.Input("picture", new Shape(1, 3, 4, 4));
        var weight = new Tensor(new Shape(3, 1, 1, 1), [factor, factor, factor]);
        return builder.Build(builder.Add(new DepthwiseConv2d(3, 1) { HasBias = false }, x, [weight], "scaled"));
    }

    private Frame Picture(long sequence, byte value)
    {
        var format = new FrameFormat(6, 5, PixelFormat.Rgb);
        var buffer = _pool.TryRent(format.Bytes)!;
        buffer.Bytes.Fill(value);
        return new Frame(buffer, format, FrameClock.Now, sequence);
    }

    private void Submit(long sequence, byte value)
    {
        using var frame = Picture(sequence, value);
        Assert.True(_pipeline.TrySubmit(frame));
    }

    /// <summary>A network that waits before it runs.</summary>
    private sealed class GatedNetwork(Graph graph, ManualResetEventSlim gate) : INetwork
    {
        private readonly CpuNetwork _network = new(graph);

        public bool Fails { get; set; }

        public bool WasCancelled { get; private set; }

        public Graph Graph => _network.Graph;

        public Graph Source => _network.Source;

        public string Backend => "cpu";

        public string Choice => "cpu, behind a gate";

        public (long Planned, long Naive) ActivationBytes => _network.ActivationBytes;

        public string BackendOf(Node node) => Backend;

        public IReadOnlyList<Tensor> Run(params ReadOnlySpan<Tensor> inputs) => Run(inputs, CancellationToken.None);

        public IReadOnlyList<Tensor> Run(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation)
        {
            try
            {
                gate.Wait(cancellation);
            }
            catch (OperationCanceledException)
            {
                WasCancelled = true;
                throw;
            }

            return Fails ? throw new InvalidTimeZoneException("from the network") : _network.Run(inputs, cancellation);
        }

        public NetworkProfile Profile(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation = default) => _network.Profile(inputs, cancellation);

        public Tensor Read(string node) => _network.Read(node);

        public PlanBuild Prepare(params ReadOnlySpan<Shape> shapes) => _network.Prepare(shapes);

        public void Dispose() => _network.Dispose();
    }
}
