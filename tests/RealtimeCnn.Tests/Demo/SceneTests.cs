using RealtimeCnn.Cpu;
using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Clips;
using RealtimeCnn.Demo.Modes.Explore;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Live;

namespace RealtimeCnn.Tests.Demo;

public sealed class SceneTests
{
    [Fact]
    public void A_network_that_is_refused_is_freed_and_the_one_before_goes_on()
    {
        using var pool = new FramePool();
        var settings = new StackSettings();
        var scene = new RefusingScene();
        using (scene)
        {
            Assert.True(Submit(settings));
            scene.Finish();
            Assert.Throws<ArgumentException>(() => Submit(settings with { Stride = 2 }));
            Assert.True(IsFreed(scene.Graphs[1]) && IsFreed(scene.Networks[1]));
            Assert.False(IsFreed(scene.Graphs[0]));
            Assert.True(Submit(settings));
            scene.Finish();
            Assert.Equal(2, scene.Graphs.Count);
        }

        Assert.All(scene.Graphs, graph => Assert.True(IsFreed(graph)));
        Assert.All(scene.Networks, network => Assert.True(IsFreed(network)));

        bool Submit(StackSettings asked)
        {
            var format = new FrameFormat(32, 24, PixelFormat.Rgb);
            using var frame = new Frame(pool.TryRent(format.Bytes)!, format, FrameClock.Now, 0);
            return scene.TrySubmit(frame, asked);
        }
    }

    private static bool IsFreed(Graph graph) => Record.Exception(() => graph.Parameters[0].Values.Length) is ObjectDisposedException;

    private static bool IsFreed(CpuNetwork network) => Record.Exception(() => network.Prepare()) is ObjectDisposedException;

    /// <summary>A scene whose second network lacks what the views draw.</summary>
    private sealed class RefusingScene() : Scene(new CpuPipeline(), new RunStats())
    {
        public List<Graph> Graphs { get; } = [];

        public List<CpuNetwork> Networks { get; } = [];

        public override string Renderer => "none";

        public override NetworkPair Pair => throw new NotSupportedException();

        public override Canvas Canvas => throw new NotSupportedException();

        private protected override long Drawable => Pipeline.FramesProcessed;

        public override void BeginPicture(Size2d size, Color background, float scale) => throw new NotSupportedException();

        public override void EndPicture() => throw new NotSupportedException();

        public override void DrawSheet(Sheet sheet, Area where) => throw new NotSupportedException();

        public override void Keep(ClipRing ring, TimeSpan now) => throw new NotSupportedException();

        public override void Send(IPictureTaker taker) => throw new NotSupportedException();

        public override (byte[] Pixels, FrameFormat Format) ReadPicture() => throw new NotSupportedException();

        private protected override INetwork Bind(Graph graph, LiveOptions options)
        {
            Graphs.Add(graph);
            Networks.Add(new CpuNetwork(Graphs.Count == 2 ? new Graph(graph.Inputs, [graph.Outputs[0]], []) : graph));
            return Networks[^1];
        }
    }
}
