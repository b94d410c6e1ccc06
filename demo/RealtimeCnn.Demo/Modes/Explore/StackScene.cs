using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Modes.Explore;

/// <summary>What a convolution's stride and padding and the kind of pooling do to the maps of a small stack, with any of the maps large.</summary>
internal sealed class StackScene : ExploreScene
{
    private const float LeftShare = 0.42f, PictureShare = 0.46f;
    private readonly (Area Where, int Columns, int Rows)[] _grids = new (Area, int, int)[StackNetwork.Layers.Count];
    private readonly Button[] _strides, _paddings, _poolings;
    private readonly ButtonRow[] _rows;
    private StackSettings _settings = new();
    private ShownLayer[] _layers = [];
    private Size2d _described;
    private StackSettings? _describedSettings;
    private int _layer = 3, _map;

    public StackScene()
    {
        _strides = [.. Enumerable.Range(1, 3).Select(stride => new Button($"stride {stride}", "How far the first convolution's window moves: a larger step makes smaller maps.", () => Take(_settings with { Stride = stride })))];
        _paddings =
        [
            new Button("zero padding", "Beyond the border there is black, which makes an edge of its own.", () => Take(_settings with { Padding = PaddingMode.Zero })),
            new Button("replicate", "Beyond the border its pixels go on, so that there is no edge.", () => Take(_settings with { Padding = PaddingMode.Replicate })),
        ];
        _poolings =
        [
            new Button("max 2", "Of each 2×2 values the largest stays.", () => Take(_settings with { Pooling = Pooling.Max2 })),
            new Button("max 3", "Of each 3×3 values, every other one, the largest stays: windows overlap.", () => Take(_settings with { Pooling = Pooling.Max3 })),
            new Button("average 2", "Of each 2×2 values the mean stays.", () => Take(_settings with { Pooling = Pooling.Average2 })),
        ];
        _rows = [new ButtonRow(_strides), new ButtonRow(_paddings), new ButtonRow(_poolings)];
        Keys =
        [
            new("L", "the next layer", [ConsoleKey.L], _ => (_layer, _map) = ((_layer + 1) % StackNetwork.Layers.Count, 0)),
            new("arrows", "choose a map of the layer", [ConsoleKey.LeftArrow, ConsoleKey.RightArrow, ConsoleKey.UpArrow, ConsoleKey.DownArrow], Move),
            new("S", "stride of the first convolution", [ConsoleKey.S], _ => Take(_settings with { Stride = (_settings.Stride % 3) + 1 })),
            new("P", "padding: zero or replicate", [ConsoleKey.P], _ => Take(_settings with { Padding = _settings.Padding == PaddingMode.Zero ? PaddingMode.Replicate : PaddingMode.Zero })),
            new("O", "pooling: max 2, max 3, average 2", [ConsoleKey.O], _ => Take(_settings with { Pooling = (Pooling)(((int)_settings.Pooling + 1) % 3) })),
            new("R", "reset", [ConsoleKey.R], _ => Take(new StackSettings())),
        ];
    }

    public override string Name => "stack";

    public override string Purpose => "What stride, padding and pooling do to the maps of a small network: click a map to see it large.";

    public override ISceneNetwork Network => _settings;

    /// <summary>The chosen layer of <see cref="StackNetwork.Layers"/>, and its map.</summary>
    public (int Layer, int Map) Chosen => (_layer, _map);

    /// <summary>What was chosen of the stack.</summary>
    public StackSettings Settings => _settings;

    // While the next network is made ready, the one before has the same layers.
    public override bool CanDraw(ISceneNetwork? computed) => computed is StackSettings;

    public override bool Point(in PointerEvent used)
    {
        foreach (var row in _rows)
        {
            if (row.Point(used))
                return true;
        }

        if (used is not { Action: PointerAction.Pressed, Button: PointerButton.Left })
            return false;
        for (int layer = 0; layer < _grids.Length; layer++)
        {
            var (where, columns, rows) = _grids[layer];
            // Before the first picture is drawn there is nothing to hit.
            for (int map = 0; columns > 0 && map < StackNetwork.ChannelsOf(StackNetwork.Layers[layer]); map++)
            {
                if (!where.Cell(columns, rows, map, 2).Contains(used.X, used.Y))
                    continue;
                (_layer, _map) = (layer, map);
                return true;
            }
        }

        return false;
    }

    public override void Draw(Scene scene, Area where, Surroundings around)
    {
        if (scene.Network is not StackSettings shown)
            return;
        Describe(scene, shown);
        float width = MathF.Round(where.Width * LeftShare), controls = 3 * (ButtonRow.Height + 6);
        var left = where with { Width = width };
        float upper = MathF.Round((left.Height - controls) * PictureShare);
        Panels.Source(scene, left.Top(upper), around);
        DrawChosen(scene, left.Below(upper + Theme.Gap) with { Height = left.Height - upper - controls - (2 * Theme.Gap) }, around);
        DrawControls(scene.Canvas, left with { Y = left.Bottom - controls + 6 }, around);
        var right = where with { X = where.X + width + Theme.Gap, Width = where.Width - width - Theme.Gap };
        for (int i = 0; i < _layers.Length; i++)
        {
            var panel = right.Cell(2, 2, i, Theme.Gap);
            scene.Canvas.Fill(panel, Theme.Panel, 6);
            _grids[i] = LayerMaps.Draw(scene, _layers[i], panel.Inset(10), around);
            var (grid, columns, rows) = _grids[i];
            if (i == _layers.Length - 1 && shown.Strongest >= 0)
                scene.Canvas.Outline(grid.Cell(columns, rows, shown.Strongest, 2), Theme.Text, 1.5f);
            if (i == _layer)
                scene.Canvas.Outline(grid.Cell(columns, rows, _map, 2), Theme.Accent, 2);
        }
    }

    private void DrawChosen(Scene scene, Area where, Surroundings around)
    {
        var (canvas, layer) = (scene.Canvas, _layers[_layer]);
        canvas.Fill(where, Theme.Panel, 6);
        var picture = where.Inset(8).Fit(new Size2d(layer.Shape.Height, layer.Shape.Width));
        scene.Value(layer.Name).DrawMaps(canvas, picture, 1, 1, 0, _map);
        Panels.Badge(canvas, layer.Title, picture, Theme.Accent);
        around.Explain(picture, "The chosen map, large. White outlines the map with the greatest value of the last layer.");
    }

    private void DrawControls(Canvas canvas, Area where, Surroundings around)
    {
        for (int i = 0; i < _strides.Length; i++)
            _strides[i].IsOn = _settings.Stride == i + 1;
        (_paddings[0].IsOn, _paddings[1].IsOn) = (_settings.Padding == PaddingMode.Zero, _settings.Padding == PaddingMode.Replicate);
        for (int i = 0; i < _poolings.Length; i++)
            _poolings[i].IsOn = _settings.Pooling == (Pooling)i;
        for (int i = 0; i < _rows.Length; i++)
            _rows[i].Draw(canvas, where with { Y = where.Y + (i * (ButtonRow.Height + 6)), Height = ButtonRow.Height }, around);
    }

    // In words only when something changed.
    private void Describe(Scene scene, StackSettings shown)
    {
        if (_described == scene.FrameSize && ReferenceEquals(_describedSettings, shown))
            return;
        (_described, _describedSettings) = (scene.FrameSize, shown);
        _layers = new ShownLayer[StackNetwork.Layers.Count];
        for (int i = 0; i < _layers.Length; i++)
            _layers[i] = Describe(StackNetwork.Layers[i], scene.Value(StackNetwork.Layers[i]).Shape, shown);
    }

    private static ShownLayer Describe(string name, Shape shape, StackSettings shown)
    {
        string title = name switch
        {
            StackNetwork.Conv => shown.Stride == 1 ? "conv 3×3 + ReLU" : $"conv 3×3 / {shown.Stride} + ReLU",
            StackNetwork.Pool => shown.Pooling switch { Pooling.Max2 => "max pool 2×2", Pooling.Max3 => "max pool 3×3", _ => "average pool" },
            StackNetwork.Depthwise => "depthwise 3×3",
            _ => "pointwise + ReLU",
        };
        return new ShownLayer(name, title, shape, $"{shape.Channels}×{shape.Height}×{shape.Width}");
    }

    private void Move(ConsoleKey key)
    {
        int columns = Math.Max(_grids[_layer].Columns, 1), channels = StackNetwork.ChannelsOf(StackNetwork.Layers[_layer]);
        int step = key switch { ConsoleKey.LeftArrow => -1, ConsoleKey.RightArrow => 1, ConsoleKey.UpArrow => -columns, _ => columns };
        _map = (((_map + step) % channels) + channels) % channels;
    }

    private void Take(StackSettings settings)
    {
        if (settings != _settings)
            _settings = settings;
    }
}
