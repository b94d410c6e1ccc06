using System.Diagnostics;
using RealtimeCnn.Cpu;
using RealtimeCnn.Demo.Clips;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo.Scenes;

/// <summary>The demo on the CPU path, for machines without compute shaders: the same network and the same views, in ordinary memory.</summary>
/// <param name="stats">Gets the times of the stages.</param>
internal sealed class CpuScene(RunStats stats) : Scene(new CpuPipeline(), stats)
{
    private readonly CpuCanvas _canvas = new();
    private long _drawStarted;

    public override string Renderer => $"CPU path, {Environment.ProcessorCount} threads";

    public override bool ComputesBeside => true;

    public override NetworkPair Pair { get; } = new(
        "plain", "CPU", "Networks run on the CPU here, so its kernels are held against its plain ones, which are slow and obviously right.",
        (graph, keepAll) => new CpuNetwork(graph, new NetworkOptions { KeepAll = keepAll, PlansKept = 1, ForcedKernels = CpuNetwork.PlainKernels }),
        (graph, keepAll) => new CpuNetwork(graph, new NetworkOptions { KeepAll = keepAll, PlansKept = 1, Optimize = false }));

    public override Canvas Canvas => _canvas;

    /// <summary>The picture that was drawn last, without a copy.</summary>
    public ReadOnlySpan<byte> Picture => _canvas.Pixels;

    /// <summary>Size and layout of <see cref="Picture"/>.</summary>
    public FrameFormat PictureFormat => _canvas.Format;

    private protected override long Drawable => Pipeline.FramesProcessed;

    public override void BeginPicture(Size2d size, Color background, float scale)
    {
        _drawStarted = Stopwatch.GetTimestamp();
        _canvas.Begin(size.Width, size.Height, background, scale);
    }

    public override void DrawSheet(Sheet sheet, Area where) => _canvas.Picture(sheet.Colors, where);

    public override void EndPicture() => Stats.Record(Stage.Draw, Stopwatch.GetElapsedTime(_drawStarted).TotalMilliseconds);

    public override void Keep(ClipRing ring, TimeSpan now)
    {
        if (ring.Wants(now))
            ring.Add(Picture, new Size2d(PictureFormat.Height, PictureFormat.Width), now);
    }

    public override void Send(IPictureTaker taker)
    {
        if (!taker.IsWanting)
            return;
        var memory = taker.Rent(Picture.Length);
        if (memory.IsEmpty)
            return;
        Picture.CopyTo(memory);
        taker.Deliver(new Size2d(PictureFormat.Height, PictureFormat.Width), isBottomUp: false);
    }

    public override (byte[] Pixels, FrameFormat Format) ReadPicture() => (_canvas.Pixels.ToArray(), _canvas.Format);

    private protected override INetwork Bind(Graph graph, LiveOptions options) => new CpuNetwork(graph);
}
