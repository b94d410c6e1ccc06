using RealtimeCnn.Cpu;
using RealtimeCnn.Demo.Clips;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.OpenGL.Live;

namespace RealtimeCnn.Demo.Scenes;

/// <summary>
/// The demo on an OpenGL device: the frame's bytes go up, pictures are drawn from where tensors lie, and only the last layer's
/// greatest values come back, when they are there. Without a screenshot it never waits for the GPU.
/// </summary>
internal sealed class GpuScene : Scene
{
    private readonly GlDevice _device;
    private readonly GpuCanvas _canvas;
    private readonly string _backend;
    private PictureReader? _reader, _sender;
    private byte[] _read = [];
    private Size2d _drawn;
    private OffscreenTarget? _target;
    private SheetTextures? _sheets;
    private long _begun;

    /// <param name="device">Where.</param>
    /// <param name="stats">Gets the times of the stages.</param>
    /// <param name="backend">Where networks run whose values are not drawn: <c>gpu</c>, or <c>auto</c> for the faster place.</param>
    public GpuScene(GlDevice device, RunStats stats, string backend = "gpu")
        : base(new GpuPipeline(device), stats) => (_device, _canvas, _backend) = (device, new GpuCanvas(device, isTimed: true), backend);

    public override string Renderer => _device.Info.Renderer;

    public override NetworkPair Pair => new(
        "CPU", "GPU", "",
        (graph, keepAll) => new CpuNetwork(graph, new NetworkOptions { KeepAll = keepAll, PlansKept = 1 }),
        (graph, keepAll) => new MixedNetwork(_device, graph, new NetworkOptions { KeepAll = keepAll, PlansKept = 1, Optimize = false }));

    public override Canvas Canvas => _canvas;

    private protected override long Drawable => _begun;

    public override void BeginPicture(Size2d size, Color background, float scale)
    {
        if (!ToWindow && (_target is null || _target.Width != size.Width || _target.Height != size.Height))
        {
            _target?.Dispose();
            _target = new OffscreenTarget(_device, size.Width, size.Height);
        }

        _drawn = size;
        _canvas.Begin(ToWindow ? 0 : _target!.Framebuffer, size.Width, size.Height, background, scale);
    }

    public override void DrawSheet(Sheet sheet, Area where) => (_sheets ??= new SheetTextures(_device)).Of(sheet)?.Draw(_canvas, where);

    public override void EndPicture()
    {
        _canvas.End();
        ReadResults();
    }

    // A picture arrives some turns after it was asked for.
    public override void Keep(ClipRing ring, TimeSpan now)
    {
        _reader ??= new PictureReader(_device);
        var from = _reader.Size;
        if (_read.Length < from.Height * from.Width * 4)
            _read = new byte[from.Height * from.Width * 4];
        while (_reader.TryRead(_read.AsSpan(), out long ticks))
            ring.AddShrunk(_read, from, new TimeSpan(ticks));
        if (!ring.Wants(now))
            return;
        int factor = ClipRing.FactorOf(_drawn);
        var to = new Size2d(_drawn.Height / factor, _drawn.Width / factor);
        if (_reader.TryRequest(ToWindow ? 0 : _target!.Framebuffer, new Size2d(to.Height * factor, to.Width * factor), to, now.Ticks))
            ring.Expect(now);
    }

    // Asked for behind the drawing and picked up some turns later, as whole as it was drawn.
    public override void Send(IPictureTaker taker)
    {
        _sender ??= new PictureReader(_device);
        var size = _sender.Size;
        int bytes = size.Height * size.Width * 4;
        if (bytes > 0 && taker.Rent(bytes) is { IsEmpty: false } memory)
        {
            bool isNew = false;
            while (_sender.TryRead(memory, out _))
                isNew = true;
            if (isNew)
                taker.Deliver(size, isBottomUp: true);
        }

        if (taker.IsWanting && _target is { } drawn)
            _sender.TryRequest(drawn.Framebuffer, _drawn, _drawn, tag: 0);
    }

    public override (byte[] Pixels, FrameFormat Format) ReadPicture() => _target!.Read();

    public override void Dispose()
    {
        _reader?.Dispose();
        _sender?.Dispose();
        _target?.Dispose();
        _sheets?.Dispose();
        _canvas.Dispose();
        base.Dispose();
    }

    // Values that are drawn lie on the GPU; else the faster place is taken.
    private protected override INetwork Bind(Graph graph, LiveOptions options) =>
        Networks.Create(graph, _backend == "auto" && options.Drawn.Count == 0 ? "auto" : "gpu", _device);

    private protected override bool Submitted() => ++_begun > 0;

    private protected override void ReadResults()
    {
        base.ReadResults();
        while (_canvas.TryReadTime(out var elapsed))
            Stats.Record(Stage.Draw, elapsed.TotalMilliseconds);
    }
}
