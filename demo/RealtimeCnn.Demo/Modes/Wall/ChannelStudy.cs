using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Interpretation;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Demo.Modes.Wall;

/// <summary>
/// What is learned of one channel beside the frames, on a thread of its own: its range in the newest pictures, which part of them it answers
/// to, the strongest parts so far, and a picture that excites it. Pictures are looked at a few times a second; between them it climbs.
/// </summary>
internal sealed class ChannelStudy : IDisposable
{
    /// <summary>Cells of the sheet, in a row and in a column: what excites the channel, then the strongest parts.</summary>
    public const int Columns = 5, Rows = 2;

    private const int Side = 64, Gap = 4, MostRemembered = 16;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(0.12);
    private readonly SideWorker _worker = new("RealtimeCnn channel study");
    // Of the channels that were studied last, the newest behind; half a megabyte each.
    private readonly List<((ShownModel, string, int) Channel, StrongestPatches Patches)> _remembered = [];
    private readonly Action<CancellationToken> _look, _climb;

    // What is asked for; the worker reads it.
    private WallNetwork? _network;
    private WallLayer? _layer;
    private int _channel;
    private readonly SeenPicture _picture = new();
    private TimeSpan _now, _looked = -Period;
    private bool _isOther, _isLooking, _climbs = true;

    // The worker's own.
    private (Graph Graph, string Node) _lookedThrough;
    private (Graph Graph, string Node, int Channel) _climbed;
    private ChannelResponse? _response;
    private ActivationMaximisation? _maximisation;
    private StrongestPatches _patches = new(Side);
    private Response _found;
    private bool _changed;

    public ChannelStudy() => (_look, _climb) = (Look, Climb);

    /// <summary>What excites the channel, and the strongest parts of pictures so far.</summary>
    public Sheet Sheet { get; } = new(new Size2d((Rows * (Side + Gap)) - Gap, (Columns * (Side + Gap)) - Gap));

    /// <summary>What the channel answered to the newest picture that was looked at; null before the first.</summary>
    public Response? Found { get; private set; }

    /// <summary>Strongest parts on the sheet.</summary>
    public int PatchCount { get; private set; }

    /// <summary>Strongest answer so far.</summary>
    public float Strongest { get; private set; }

    /// <summary>Steps towards what excites it, of <see cref="AllSteps"/>; −1 where it is not sought.</summary>
    public int Steps { get; private set; } = -1;

    /// <summary>Steps of a whole climb.</summary>
    public static int AllSteps { get; } = new ActivationMaximisationOptions().Steps;

    /// <summary>What the channel answers to what excites it.</summary>
    public float Excited { get; private set; }

    /// <summary>Why nothing excites it; null where it can be sought.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether what excites the channel is sought.</summary>
    public bool Climbs
    {
        get => _climbs;
        set
        {
            _climbs = value;
            Steps = -1;
        }
    }

    /// <summary>Whether it is this channel that is studied.</summary>
    public bool IsOf(WallLayer layer, int channel) => ReferenceEquals(layer, _layer) && channel == _channel;

    /// <summary>Studies another channel, as soon as the work on the one before is done: ask again until then.</summary>
    public void Choose(WallNetwork network, WallLayer layer, int channel)
    {
        if (_worker.IsBusy || (ReferenceEquals(network, _network) && IsOf(layer, channel)))
            return;
        bool isOther = network.Model != _network?.Model || layer.Drawn != _layer?.Drawn || channel != _channel;
        if (network.Model != _network?.Model)
            _picture.Forget();
        (_network, _layer, _channel, _changed, _isOther, _isLooking) = (network, layer, channel, false, true, false);
        if (!isOther)
            return;
        (Found, Steps, PatchCount, Problem) = (null, -1, 0, null);
        var key = (network.Model, layer.Drawn, channel);
        int known = _remembered.FindIndex(one => one.Channel == key);
        _patches = known >= 0 ? _remembered[known].Patches : new StrongestPatches(Side);
        if (known >= 0 || _remembered.Count == MostRemembered)
            _remembered.RemoveAt(Math.Max(known, 0));
        _remembered.Add((key, _patches));
        _maximisation?.Dispose();
        (_maximisation, _climbed) = (null, default);
        Publish();
    }

    /// <summary>Takes a picture as the network sees it.</summary>
    /// <param name="model">The network.</param>
    /// <param name="input">Its input; copied.</param>
    /// <param name="mapping">Where its places lie in the picture.</param>
    /// <param name="number">Of the picture in its source.</param>
    public void Take(ShownModel model, Tensor input, PictureMapping mapping, long number)
    {
        if (model == _network?.Model)
            _picture.Put(input, mapping, number, _now);
    }

    /// <summary>Takes what has been found, and goes on.</summary>
    /// <returns>Whether there is something new to draw.</returns>
    public bool Advance(TimeSpan now)
    {
        _now = now;
        if (_layer == null || _worker.IsBusy)
            return false;
        bool isNew = _changed;
        if (isNew)
            Publish();
        if (_picture.IsWaiting && (_isOther || _now - _looked >= Period))
            _picture.Next();
        else if (!_isOther || !_picture.HasCurrent)
            return Climb(isNew);
        (_isOther, _looked) = (false, _now);
        Begin(_look, isLooking: true);
        return isNew;
    }

    private bool Climb(bool isNew)
    {
        if (Climbs && Problem == null && _maximisation is not { IsComplete: true })
            Begin(_climb, isLooking: false);
        return isNew;
    }

    /// <summary>Waits for what is at work.</summary>
    public void Wait() => _worker.Wait();

    public void Dispose()
    {
        _worker.Dispose();
        _response?.Dispose();
        _maximisation?.Dispose();
        _picture.Dispose();
        Sheet.Dispose();
    }

    private void Begin(Action<CancellationToken> work, bool isLooking)
    {
        (_isLooking, _changed) = (isLooking, false);
        _worker.Post(work);
    }

    private void Publish()
    {
        _changed = false;
        try
        {
            _worker.Rethrow();
        }
        catch (Exception problem) when (problem is NotSupportedException or ShapeException or ArgumentException or InsufficientMemoryException)
        {
            Problem = problem.Message;
        }

        if (_isLooking)
            Found = _found;

        if (_maximisation is { Step: > 0 } climbed && Climbs)
            (Steps, Excited) = (climbed.Step, climbed.Activation);
        (PatchCount, Strongest) = (_patches.Count, _patches.Count > 0 ? _patches.ResponseOf(0) : 0);
        DrawSheet();
    }

    // On the worker.
    private void Look(CancellationToken cancellation)
    {
        _changed = true;
        var key = (_network!.Gained, _layer!.Node.Name);
        if (_response == null || _lookedThrough != key)
        {
            _response?.Dispose();
            (_response, _lookedThrough) = (new ChannelResponse(key.Gained, key.Name, threads: 1), key);
        }

        _found = _response.Run(_picture.Input, _channel, cancellation);
        if (_patches.Add(_found.Greatest, _picture.Time) is not { } colors)
            return;
        Array.Clear(colors);
        InputPicture.Draw(_picture.Input, _network.Model.Preprocessing, _found.Field, colors, new Size2d(Side, Side), 0, 0, Side);
    }

    // On the worker. Up the gradient before the activation, which is 0 where a unit is silent.
    private void Climb(CancellationToken cancellation)
    {
        _changed = true;
        var node = _layer!.Node;
        while (node.Layer is ActivationLayer)
            node = node.Inputs[0];
        var key = (_network!.Model.Graph, node.Name, _channel);
        if (_maximisation == null || _climbed != key)
        {
            _maximisation?.Dispose();
            var (least, greatest) = InputPicture.RangeOf(_network.Model.Preprocessing);
            _maximisation = new ActivationMaximisation(key.Graph, key.Name, _channel, new ActivationMaximisationOptions { Least = least, Greatest = greatest, Noise = 0.05f }, threads: 1);
            _climbed = key;
        }

        _maximisation.Advance(1, cancellation);
    }

    private void DrawSheet()
    {
        var colors = Sheet.Colors.Span;
        var (empty, area) = (Theme.Panel, Sheet.Size.Height * Sheet.Size.Width);
        for (int color = 0; color < 3; color++)
            colors.Slice(color * area, area).Fill(color switch { 0 => empty.R, 1 => empty.G, _ => empty.B });
        if (Steps > 0)
            InputPicture.Draw(_maximisation!.Picture, _network!.Model.Preprocessing, _maximisation.Field, colors, Sheet.Size, 0, 0, Side);
        for (int i = 0; i < _patches.Count; i++)
        {
            int left = (i + 1) % Columns * (Side + Gap), top = (i + 1) / Columns * (Side + Gap);
            for (int row = 0; row < 3 * Side; row++)
                _patches[i].AsSpan(row * Side, Side).CopyTo(colors[((((row / Side * Sheet.Size.Height) + top + (row % Side)) * Sheet.Size.Width) + left)..]);
        }

        Sheet.Changed();
    }
}
