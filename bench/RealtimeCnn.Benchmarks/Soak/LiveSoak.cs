using RealtimeCnn.Camera;
using RealtimeCnn.Drawing;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Benchmarks.Soak;

/// <summary>
/// Two cameras with every fault and three models on one device, as in a program that runs for days: in each round a camera stalls, another is
/// unplugged, one changes its size, a network goes and another comes, a camera freezes, a model is swapped, damaged pictures arrive, and at
/// last nothing happens but pictures, which are counted and timed.
/// </summary>
internal sealed class LiveSoak : IDisposable
{
    /// <summary>Of a round: eight things that happen, time to settle, and nothing.</summary>
    public const int Parts = Events + 2;

    private const int Events = 8;
    private static readonly Size2d Size = new(240, 320);
    private readonly SoakOptions _options;
    private readonly EglHost? _host;
    private readonly OffscreenTarget? _target;
    private readonly CpuCanvas _canvas = new();
    private readonly Detections _found = new();
    private readonly CameraGroup _group;
    private readonly FaultySource _sheet, _board;
    private readonly SharedSource _sheets, _boards;
    private readonly OnnxModel[] _models = [.. ShippedModels.Names.Select(name => ShippedModels.Load(name, new OnnxLoadOptions { TakesPictures = true }))];
    private readonly List<Watched> _watched = [];
    private readonly Action<Canvas, Area, LiveResult> _overlay;
    private bool _isQuiet;

    /// <exception cref="GlException">The GPU was asked for, and there is none with compute shaders.</exception>
    public LiveSoak(SoakOptions options)
    {
        _options = options;
        _host = options.Backend == "gpu" ? EglHost.Create() : null;
        _target = _host == null ? null : new OffscreenTarget(_host.Device, Size.Width, Size.Height);
        _group = new CameraGroup(_host?.Device) { PicturesPerTurn = 3 };
        _sheet = new FaultySource(new WrittenNumbersSource(Size.Width, Size.Height, options.FrameRate));
        _board = new FaultySource(new WrittenDigitsSource(Size.Width, Size.Height, options.FrameRate));
        (_sheets, _boards) = (new SharedSource(_sheet), new SharedSource(_board));
        _overlay = DrawBoxes;
        Add(ShippedModels.DigitFinder, _sheets);
        Add(ShippedModels.Digits, _boards);
        Add(ShippedModels.HandSigns, _boards);
    }

    /// <summary>Runs all rounds.</summary>
    /// <param name="sampled">Gets the process at the end of each.</param>
    /// <param name="cancellation">Ends it between two turns.</param>
    public SoakReport Run(Action<int, Footprint> sampled, CancellationToken cancellation = default)
    {
        var samples = new List<Footprint>();
        long turns = 0, blocking = 0;
        double bytes = double.PositiveInfinity;
        for (int round = 0; round < _options.Rounds; round++)
        {
            for (int number = 0; number < Events; number++)
            {
                Begin(number);
                Turn(_options.Period / 2, cancellation);
                End(number);
                Turn(_options.Period / 2, cancellation);
            }

            Turn(_options.Period, cancellation);
            _isQuiet = true;
            long before = GC.GetAllocatedBytesForCurrentThread(), blocked = _host?.Device.BlockingCalls ?? 0, pictures = _board.Status.FramesIn;
            turns += Turn(_options.Period, cancellation);
            // One picture more may have been under way when it began.
            bytes = Math.Min(bytes, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(_board.Status.FramesIn - pictures + 1));
            blocking += (_host?.Device.BlockingCalls ?? 0) - blocked;
            _isQuiet = false;
            samples.Add(Footprint.Now(_host?.Device));
            sampled(round, samples[^1]);
        }

        return new SoakReport(samples, [.. _watched.Select(watched => watched.Report())], turns, bytes, blocking);
    }

    public void Dispose()
    {
        _group.Dispose();
        _sheets.Dispose();
        _boards.Dispose();
        foreach (var model in _models)
            model.Dispose();
        _target?.Dispose();
        _host?.Dispose();
    }

    // What happens, and its end half a period later.
    private void Begin(int number)
    {
        switch (number)
        {
            case 0:
                _sheet.Stall();
                break;
            case 1:
                _board.Unplug();
                break;
            case 2:
                _sheet.Resize(160, 120);
                break;
            case 3:
                Replace(ShippedModels.HandSigns, _boards);
                break;
            case 4:
                _board.Freeze();
                break;
            case 5:
                Swap(ShippedModels.HandSigns);
                break;
            case 6:
                _sheet.SendGarbage(3);
                break;
            default:
                Replace(ShippedModels.DigitFinder, _sheets);
                break;
        }
    }

    private void End(int number)
    {
        switch (number)
        {
            case 0:
                _sheet.Resume();
                break;
            case 1:
                _board.Plug();
                break;
            case 2:
                _sheet.Resize(Size.Width, Size.Height);
                break;
            case 4:
                _board.Thaw();
                break;
            case 5:
                Swap(ShippedModels.Digits);
                break;
        }
    }

    private OnnxModel Model(string name) => _models[ShippedModels.Names.ToList().IndexOf(name)];

    private void Add(string name, SharedSource source)
    {
        var model = Model(name);
        var card = ModelCard.Of(model);
        var network = new CameraNetwork(model.Graph, new CameraNetworkOptions { Preprocessing = card.Preprocessing, Head = card.Head as DetectionHead, OpenSource = source.Open, Backend = _options.Backend });
        var watched = _watched.Find(watched => watched.Name == name);
        if (watched == null)
            _watched.Add(watched = new Watched(name, this));
        watched.Network = network;
        network.ResultArrived += watched.OnResultArrived;
        _group.Add(network);
    }

    private void Replace(string name, SharedSource source)
    {
        var old = _watched.Find(watched => watched.Name == name)!.Network!;
        _group.Remove(old);
        old.Dispose();
        Add(name, source);
    }

    // The network that reads digits gets another model, and its own again.
    private void Swap(string name)
    {
        var model = Model(name);
        _watched.Find(watched => watched.Name == ShippedModels.Digits)!.Network!.Swap(model.Graph, ModelCard.Of(model).Preprocessing, TimeSpan.FromMilliseconds(2));
    }

    private long Turn(TimeSpan time, CancellationToken cancellation)
    {
        long turns = 0;
        var turn = TimeSpan.FromSeconds(1 / _options.TurnsPerSecond);
        var end = FrameClock.Now + time;
        for (var next = FrameClock.Now; next < end; turns++)
        {
            cancellation.ThrowIfCancellationRequested();
            _group.Update(turn.TotalSeconds);
            Draw(_watched[0].Network!);
            next += turn;
            var left = next - FrameClock.Now;
            if (left > TimeSpan.Zero)
                Thread.Sleep(left);
            else
                next = FrameClock.Now;
        }

        return turns;
    }

    private void Draw(CameraNetwork network)
    {
        if (_watched[0].Drawn == network.Revision)
            return;
        _watched[0].Drawn = network.Revision;
        if (_target != null)
        {
            network.Draw(_target.Framebuffer, Size, _overlay, background: Color.Black);
            return;
        }

        _canvas.Begin(Size.Width, Size.Height, Color.Black);
        network.Draw(_canvas, _overlay);
    }

    private void DrawBoxes(Canvas canvas, Area where, LiveResult result)
    {
        _found.CopyFrom(result.Detections);
        _found.ToUpright(result.Mapping);
        float scale = where.Width / result.Mapping.Upright.Width;
        for (int i = 0; i < _found.Count; i++)
            canvas.Outline(new Area(where.X + (_found[i].Left * scale), where.Y + (_found[i].Top * scale), (_found[i].Right - _found[i].Left) * scale, (_found[i].Bottom - _found[i].Top) * scale), Color.White, 2);
    }

    private sealed class Watched(string name, LiveSoak soak)
    {
        // Room for a day's pictures, so that counting allocates nothing.
        private readonly List<double> _milliseconds = new(1 << 20);

        public string Name => name;

        public CameraNetwork? Network { get; set; }

        public long Drawn { get; set; } = -1;

        public void OnResultArrived(object? sender, LiveResult result)
        {
            if (soak._isQuiet && _milliseconds.Count < _milliseconds.Capacity)
                _milliseconds.Add(result.Age.TotalMilliseconds);
        }

        public SoakReport.Network Report() => new(Name, [.. _milliseconds.Order()]);
    }
}
