using System.Globalization;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.Models;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Modes.Filter;

/// <summary>A convolution by hand: a window of weights over the live picture, edited with the mouse, beside classical and trained ones.</summary>
internal sealed class FiltersMode : Mode
{
    private const float UpperShare = 0.56f, TextWidth = 330, LeastPresets = 240, NameLine = 16, KeyStep = 0.5f, UnitsPerWeight = 24, DragStep = 0.1f;
    private readonly ModelShelf _models;
    private readonly KernelWindow _window = new();
    private readonly KernelGrid _grid;
    private readonly ButtonRow _sizes;
    private readonly Button[] _sizeButtons;
    private readonly ButtonRow _sets;
    private FilterNetwork _network = new(PresetSet.Classical);
    private Area[] _thumbnails = [];
    private int _set, _preset = -1;
    private (float Y, float Weight)? _drag;

    /// <param name="models">The models whose kernels can be loaded.</param>
    public FiltersMode(ModelShelf models)
    {
        _models = models;
        _grid = new KernelGrid(_window);
        _sizeButtons = [.. new[] { 3, 5, 7 }.Select(size => new Button($"{size}×{size}", $"A window of {size}×{size} weights.", () => Resize(size)))];
        _sizes = new ButtonRow([.. _sizeButtons, new Button("reset", "The window that the demo starts with (R).", ResetWindow)]);
        _sets = new ButtonRow(new Button("other kernels (L)", "Classical kernels, or those of a network's first layer.", NextSet));
        Keys =
        [
            new("arrows", "choose a weight", [ConsoleKey.LeftArrow, ConsoleKey.RightArrow, ConsoleKey.UpArrow, ConsoleKey.DownArrow], Move),
            new("+ -, wheel, drag", "change the weight", [ConsoleKey.OemPlus, ConsoleKey.Add, ConsoleKey.OemMinus, ConsoleKey.Subtract], key => Change(key is ConsoleKey.OemPlus or ConsoleKey.Add ? KeyStep : -KeyStep)),
            new("Z", "size of the window: 3, 5, 7", [ConsoleKey.Z], _ => Resize(_window.Size == KernelWindow.MostSize ? 3 : _window.Size + 2)),
            new("K", "load the next kernel", [ConsoleKey.K], _ => LoadPreset((_preset + 1) % _network.Set.Filters.Count)),
            new("L", "kernels of a network's first layer", [ConsoleKey.L], _ => NextSet()),
            new("R", "reset the window", [ConsoleKey.R], _ => ResetWindow()),
        ];
        Changed();
    }

    public override string Name => "filters";

    public override string Purpose => "One convolution, weight by weight: what a window of numbers makes of the picture.";

    public override string Hint => "Drag a weight up or down, or take one of the kernels. Over the pictures the mouse shows the sum of each pixel.";

    public override ISceneNetwork Network => _network;

    public override PictureContent StandIn => PictureContent.Scene;

    /// <summary>The window.</summary>
    public KernelWindow Window => _window;

    /// <summary>What is under the mouse; null where it is over no picture.</summary>
    public KernelLoupe? Loupe { get; private set; }

    // Another set of kernels is another network; the picture of the one before is still worth seeing.
    public override bool CanDraw(ISceneNetwork? computed) => computed is FilterNetwork;

    public override void Reset()
    {
        (_set, _network) = (0, new FilterNetwork(PresetSet.Classical));
        ResetWindow();
    }

    public override bool Point(in PointerEvent used)
    {
        if (_sizes.Point(used) || _sets.Point(used))
            return true;
        if (used.Action is PointerAction.Released or PointerAction.Left)
        {
            _drag = null;
            return true;
        }

        if (_drag is var (y, weight))
        {
            _window.Set(MathF.Round((weight + ((y - used.Y) / UnitsPerWeight)) / DragStep) * DragStep);
            Changed();
            return true;
        }

        int cell = _grid.At(used.X, used.Y);
        if (cell >= 0 && used.Action == PointerAction.Scrolled)
        {
            _window.Choose(cell);
            Change(used.Wheel > 0 ? KeyStep : -KeyStep);
            return true;
        }

        if (used is not { Action: PointerAction.Pressed, Button: PointerButton.Left })
            return false;
        if (cell >= 0)
        {
            _window.Choose(cell);
            _drag = (used.Y, _window.Weights[cell]);
            return true;
        }

        for (int i = 0; i < _thumbnails.Length; i++)
        {
            if (!_thumbnails[i].Contains(used.X, used.Y))
                continue;
            LoadPreset(i);
            return true;
        }

        return false;
    }

    public override void Draw(Scene scene, Area where, Surroundings around)
    {
        if (scene.Network is not FilterNetwork shown)
            return;
        float upper = MathF.Round(where.Height * UpperShare);
        if (PictureSplit.IsUpright(where))
            upper = MathF.Round(Math.Min(upper, where.Width / 2 * scene.FrameSize.Height / scene.FrameSize.Width));
        var top = where.Top(upper);
        var source = Panels.Source(scene, top.Cell(2, 1, 0, Theme.Gap), around);
        Span<char> label = stackalloc char[64];
        label.TryWrite(CultureInfo.InvariantCulture, $"{(_window.Name.Length > 0 ? _window.Name : "your own")}", out int length);
        var result = Panels.Value(scene, FilterNetwork.Result, label[..length], Theme.Accent, top.Cell(2, 1, 1, Theme.Gap));

        var below = where.Below(upper + Theme.Gap);
        scene.Canvas.Fill(below, Theme.Panel, 6);
        var room = below.Inset(10);
        // Where there is no room for the kernels at the right, they lie below.
        bool isUpright = room.Height + 16 + TextWidth + LeastPresets > room.Width;
        float side = isUpright ? MathF.Round(Math.Min(room.Height * 0.5f, room.Width - 16 - TextWidth)) : room.Height;
        var square = new Area(room.X, room.Y, side, side);
        _grid.Draw(scene.Canvas, square, around);
        var text = new Area(square.Right + 16, room.Y, TextWidth, side);
        Explain(scene.Canvas, text, around);
        DrawPresets(scene, shown, isUpright ? room.Below(side + 16) : new Area(text.Right + 12, room.Y, room.Right - text.Right - 12, room.Height), around);
        Loupe = KernelLoupe.At(around, shown, source, result);
        Loupe?.Draw(scene.Canvas, _window, source, result, around);
    }

    private void Explain(Canvas canvas, Area where, Surroundings around)
    {
        Span<char> text = stackalloc char[64];
        text.TryWrite(CultureInfo.InvariantCulture, $"sum of weights {_window.Sum:0.##}", out int length);
        float y = Notes.Paragraph(canvas, "Each pixel becomes the weighted sum of the pixels around it.", where, Theme.Muted) + 10;
        canvas.Text(text[..length], where.X, y, Theme.Line, Theme.Text);
        Notes.Paragraph(canvas, _window.Meaning, where.Below(y + 32 - where.Y), Theme.Accent);
        for (int i = 0; i < _sizeButtons.Length; i++)
            _sizeButtons[i].IsOn = _window.Size == 3 + (2 * i);
        _sizes.Draw(canvas, new Area(where.X, where.Bottom - ButtonRow.Height, where.Width, ButtonRow.Height), around);
    }

    private void DrawPresets(Scene scene, FilterNetwork shown, Area where, Surroundings around)
    {
        var canvas = scene.Canvas;
        Panels.Line(canvas, shown.Set.Title, where.X, where.Y, Theme.SmallLine, where.Width, Theme.Text);
        _sets.Draw(canvas, new Area(where.Right - Canvas.TextWidth(19, Theme.SmallLine), where.Y - 4, Canvas.TextWidth(20, Theme.SmallLine), ButtonRow.Height), around);
        var room = where.Below(ButtonRow.Height + 4);
        var shape = scene.Value(shown.Names[0]).Shape;
        // A name above each picture, in its proportion.
        var (columns, rows) = Panels.BestGrid(new Size2d(shape.Height + (shape.Width / 6), shape.Width), shown.Names.Count, room);
        if (_thumbnails.Length != shown.Names.Count)
            _thumbnails = new Area[shown.Names.Count];
        for (int i = 0; i < shown.Names.Count; i++)
        {
            string name = shown.Set.Filters[i].Name;
            var cell = room.Cell(columns, rows, i, 6);
            bool isLoaded = name == _window.Name;
            Panels.Line(canvas, name, cell.X, cell.Y, NameLine, cell.Width, isLoaded ? Theme.Accent : Theme.Muted);
            _thumbnails[i] = Panels.Value(scene, shown.Names[i], "", Theme.Text, cell.Below(NameLine + 1));
            if (isLoaded || around.IsOver(_thumbnails[i]))
                canvas.Outline(_thumbnails[i], isLoaded ? Theme.Accent : Theme.Text, 2);
            around.Explain(_thumbnails[i], name);
        }
    }

    private void Move(ConsoleKey key)
    {
        var (columns, rows) = key switch
        {
            ConsoleKey.LeftArrow => (-1, 0),
            ConsoleKey.RightArrow => (1, 0),
            ConsoleKey.UpArrow => (0, -1),
            _ => (0, 1),
        };
        _window.Move(columns, rows);
    }

    private void Change(float step)
    {
        _window.Set(_window.Weights[_window.Cell] + step);
        Changed();
    }

    private void Resize(int size)
    {
        _window.Resize(size);
        Changed();
    }

    private void LoadPreset(int preset)
    {
        _preset = preset;
        _window.Load(_network.Set.Filters[preset]);
        Changed();
    }

    private void ResetWindow()
    {
        _window.Reset();
        _preset = -1;
        Changed();
    }

    // The classical ones, then those of each model that has some.
    private void NextSet()
    {
        ShownModel[] models = [.. ShippedModels.Names.Select(name => _models[name]), .. (ShownModel[])(_models.Own is { } own ? [own] : [])];
        PresetSet[] sets = [PresetSet.Classical, .. models.Distinct().Select(PresetSet.Of).OfType<PresetSet>()];
        _set = (_set + 1) % sets.Length;
        _network = new FilterNetwork(sets[_set]);
        _preset = -1;
        Changed();
    }

    private void Changed()
    {
        _network.Write(_window);
        IsStale = true;
    }
}
