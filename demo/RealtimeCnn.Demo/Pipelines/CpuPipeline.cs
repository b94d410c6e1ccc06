using System.Diagnostics;
using RealtimeCnn.Cpu;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;

namespace RealtimeCnn.Demo.Pipelines;

/// <summary>The pipeline on the CPU path, for machines without compute shaders: the same network and the same views, in ordinary memory.</summary>
/// <param name="stats">Gets the times of the stages.</param>
internal sealed class CpuPipeline(RunStats stats) : Pipeline
{
    private readonly CpuCanvas _canvas = new();
    private readonly Dictionary<string, Tensor> _tensors = [];
    private byte[] _pixels = [];
    private FrameFormat _format;
    private FrameGeometry _geometry;
    private CpuNetwork? _network;
    private ImageToTensor? _preprocess;
    private Tensor? _input;
    private ImageToTensor? _display;
    private Tensor? _displayed;
    private float _scale = 1;
    private long _drawStarted;

    public override string Renderer => $"CPU path, {Environment.ProcessorCount} threads";

    public override IFrameAllocator? Allocator => null;

    public override Canvas Canvas => _canvas;

    private protected override bool IsBusy => false;

    public override void Finish()
    {
        // Everything submitted is done when the call returns.
    }

    public override void BeginPicture(Size2d size, Color background, float scale)
    {
        _drawStarted = Stopwatch.GetTimestamp();
        _scale = scale;
        _canvas.Begin(size.Width, size.Height, background, scale);
    }

    public override void EndPicture() => Record(Stage.Draw, _drawStarted);

    /// <summary>Draws the newest frame, resized to the very pixels it covers.</summary>
    public override void DrawFrame(Area where)
    {
        var size = new Size2d(Math.Max((int)MathF.Round(where.Height * _scale), 1), Math.Max((int)MathF.Round(where.Width * _scale), 1));
        if (_displayed is null || _displayed.Shape.Height != size.Height || _displayed.Shape.Width != size.Width)
        {
            _displayed?.Dispose();
            var preprocessing = new Preprocessing { Size = size };
            (_display, _displayed) = (new ImageToTensor(preprocessing), new Tensor(preprocessing.Shape));
        }

        _display!.Run(_pixels.AsSpan(0, _format.Bytes), _format, _geometry, _displayed);
        _canvas.Picture(_displayed, where);
    }

    public override void DrawPicture(string name, Area where) => _canvas.Picture(_tensors[name], where);

    public override void DrawMaps(string name, Area where, int columns, int rows, float gap, int firstChannel = 0) =>
        _canvas.FeatureMaps(_tensors[name], where, columns, rows, gap, firstChannel);

    public override (byte[] Pixels, FrameFormat Format) ReadPicture() => (_canvas.Pixels.ToArray(), _canvas.Format);

    /// <summary>The picture that was drawn last, without a copy.</summary>
    public ReadOnlySpan<byte> Picture => _canvas.Pixels;

    /// <summary>Size and layout of <see cref="Picture"/>.</summary>
    public FrameFormat PictureFormat => _canvas.Format;

    public override void Dispose()
    {
        _network?.Dispose();
        _input?.Dispose();
        _displayed?.Dispose();
        base.Dispose();
    }

    private protected override void Bind(Graph graph, Preprocessing preprocessing)
    {
        _network?.Dispose();
        _input?.Dispose();
        _network = new CpuNetwork(graph);
        _preprocess = new ImageToTensor(preprocessing);
        _input = new Tensor(preprocessing.Shape);
    }

    private protected override bool Load(Frame frame)
    {
        long started = Stopwatch.GetTimestamp();
        if (_pixels.Length < frame.Format.Bytes)
            _pixels = new byte[frame.Format.Bytes];
        frame.Pixels.CopyTo(_pixels);
        (_format, _geometry) = (frame.Format, frame.Geometry);
        Record(Stage.Upload, started);
        return true;
    }

    private protected override void Compute()
    {
        long started = Stopwatch.GetTimestamp();
        _preprocess!.Run(_pixels.AsSpan(0, _format.Bytes), _format, _geometry, _input!);
        Record(Stage.Preprocess, started);

        started = Stopwatch.GetTimestamp();
        var outputs = _network!.Run(_input!);
        Record(Stage.Network, started);

        started = Stopwatch.GetTimestamp();
        for (int i = 0; i < outputs.Count; i++)
            _tensors[_network.Source.Outputs[i].Name] = outputs[i];
        StrongestMap = StrongestOf(_tensors[DemoNetwork.Pointwise]);
        Record(Stage.Readback, started);
    }

    private static int StrongestOf(Tensor maps)
    {
        int strongest = 0;
        for (int i = 1; i < maps.Shape.Count; i++)
        {
            if (maps.Span[i] > maps.Span[strongest])
                strongest = i;
        }

        return strongest / maps.Shape.Area;
    }

    private void Record(Stage stage, long started) => stats.Record(stage, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
}
