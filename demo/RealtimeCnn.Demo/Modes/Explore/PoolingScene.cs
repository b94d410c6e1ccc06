using System.Globalization;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Modes.Explore;

/// <summary>The kinds of pooling side by side on one picture, by windows of a chosen extent.</summary>
internal sealed class PoolingScene : ExploreScene
{
    private const float LeftShare = 0.34f, LeastExponent = 1, MostExponent = 32, ExponentStep = 1.25f;

    private static readonly string[] Meanings =
    [
        "The largest of each window: bright details stay, dark ones are lost.",
        "The mean of each window: smooth, and noise is averaged away.",
        "The generalized mean: p = 1 is the average, a large p nearly the maximum. The wheel changes p; a network learns it.",
        "The root of the sum of squares; of bright windows it grows with their size, so white here is the size of the window.",
        "A mean in which the middle of the window weighs more than its edges.",
        "No pooling at all, every so many pixels one is taken: cheap, and what lies between them is lost.",
    ];

    private readonly Button[] _sizeButtons;
    private readonly ButtonRow _sizes;
    private readonly Area[] _pictures = new Area[PoolingNetwork.Kinds.Count + 1];
    private PoolingNetwork _network = new(4);
    private float _exponent = 3;

    public PoolingScene()
    {
        _sizeButtons = [.. new[] { 2, 4, 8 }.Select(size => new Button($"{size}×{size}", $"Windows of {size}×{size} pixels, side by side.", () => Resize(size)))];
        _sizes = new ButtonRow(_sizeButtons);
        Keys =
        [
            new("Z", "size of the windows: 2, 4, 8", [ConsoleKey.Z], _ => Resize(_network.Window == 8 ? 2 : _network.Window * 2)),
            new("+ -, wheel", "GeM's exponent", [ConsoleKey.OemPlus, ConsoleKey.Add, ConsoleKey.OemMinus, ConsoleKey.Subtract], key => Change(key is ConsoleKey.OemPlus or ConsoleKey.Add ? ExponentStep : 1 / ExponentStep)),
        ];
    }

    public override string Name => "pooling";

    public override string Purpose => "Max keeps details, average smooths, GeM is all between: + and - change its exponent.";

    public override ISceneNetwork Network => _network;

    /// <summary>GeM's exponent.</summary>
    public float Exponent => _exponent;

    /// <summary>Extent of the windows, in pixels.</summary>
    public int Window => _network.Window;

    // Windows of another size: the pictures of the ones before are worth seeing meanwhile.
    public override bool CanDraw(ISceneNetwork? computed) => computed is PoolingNetwork;

    public override bool Advance(TimeSpan now) => true;

    public override bool Point(in PointerEvent used)
    {
        if (_sizes.Point(used))
            return true;
        if (used.Action != PointerAction.Scrolled)
            return false;
        Change(used.Wheel > 0 ? ExponentStep : 1 / ExponentStep);
        return true;
    }

    public override void Draw(Scene scene, Area where, Surroundings around)
    {
        if (scene.Network is not PoolingNetwork shown)
            return;
        var canvas = scene.Canvas;
        float width = MathF.Round(where.Width * LeftShare);
        var left = where with { Width = width };
        _pictures[0] = Panels.Source(scene, left.Top(MathF.Round(left.Height * 0.45f)), around);
        var right = where with { X = where.X + width + Theme.Gap, Width = where.Width - width - Theme.Gap };
        for (int i = 0; i < PoolingNetwork.Kinds.Count; i++)
            _pictures[i + 1] = DrawKind(scene, shown, i, right.Cell(2, 3, i, Theme.Gap), around);
        var (x, y) = Sweep.At(around, _pictures);
        DrawWindow(canvas, shown, _pictures[0], x, y, isSource: true);
        for (int i = 1; i < _pictures.Length; i++)
            DrawWindow(canvas, shown, _pictures[i], x, y, isSource: false);
        Explain(canvas, left.Below(MathF.Round(left.Height * 0.45f) + Theme.Gap), around);
    }

    private Area DrawKind(Scene scene, PoolingNetwork shown, int kind, Area where, Surroundings around)
    {
        var value = scene.Value(PoolingNetwork.Kinds[kind]);
        var picture = where.Fit(new Size2d(value.Shape.Height, value.Shape.Width));
        value.Draw(scene.Canvas, picture, shown.HeadOf(PoolingNetwork.Kinds[kind]));
        Span<char> text = stackalloc char[48];
        int length;
        switch (PoolingNetwork.Kinds[kind])
        {
            case PoolingNetwork.Gem:
                text.TryWrite(CultureInfo.InvariantCulture, $"GeM, p = {_exponent:0.0}", out length);
                break;
            case PoolingNetwork.Lp:
                text.TryWrite(CultureInfo.InvariantCulture, $"L2 norm, white is {shown.Window}", out length);
                break;
            case PoolingNetwork.Weighted:
                text.TryWrite(CultureInfo.InvariantCulture, $"weighted average", out length);
                break;
            case PoolingNetwork.Every:
                text.TryWrite(CultureInfo.InvariantCulture, $"one pixel of {shown.Window}×{shown.Window}", out length);
                break;
            default:
                text.TryWrite(CultureInfo.InvariantCulture, $"{PoolingNetwork.Kinds[kind]}", out length);
                break;
        }

        Panels.Badge(scene.Canvas, text[..length], picture, PoolingNetwork.Kinds[kind] == PoolingNetwork.Gem ? Theme.Accent : null);
        around.Explain(picture, Meanings[kind]);
        return picture;
    }

    // The window on the source, and the one value that comes of it.
    private static void DrawWindow(Canvas canvas, PoolingNetwork shown, Area picture, float x, float y, bool isSource)
    {
        int columns = shown.Seen.Width / shown.Window, rows = shown.Seen.Height / shown.Window;
        float cell = picture.Width / columns, left = picture.X + (Math.Clamp((int)(x * columns), 0, columns - 1) * cell), top = picture.Y + (Math.Clamp((int)(y * rows), 0, rows - 1) * picture.Height / rows);
        canvas.Outline(new Area(left, top, cell, picture.Height / rows).Inset(-2), isSource ? Theme.Accent : Theme.Accent.WithOpacity(0.8f), 2);
    }

    private void Explain(Canvas canvas, Area where, Surroundings around)
    {
        canvas.Fill(where, Theme.Panel, 6);
        var room = where.Inset(12);
        Span<char> text = stackalloc char[96];
        text.TryWrite(CultureInfo.InvariantCulture, $"{_network.Window * _network.Window} pixels become one value", out int length);
        Panels.Line(canvas, text[..length], room.X, room.Y, Theme.Line, room.Width, Theme.Accent);
        float y = Notes.Paragraph(canvas, "Pooling has no weights: each window of the picture, framed, becomes one value, in six ways.", room.Below(34), Theme.Text) + 8;
        Notes.Paragraph(canvas, _exponent < 1.2f ? "At p = 1 GeM is the average." : _exponent > 12 ? "At a large p GeM is nearly the maximum." : "GeM lies between the average (p = 1) and the maximum (p large).", room.Below(y - room.Y), Theme.Muted);
        for (int i = 0; i < _sizeButtons.Length; i++)
            _sizeButtons[i].IsOn = _network.Window == 2 << i;
        _sizes.Draw(canvas, new Area(room.X, room.Bottom - ButtonRow.Height, room.Width, ButtonRow.Height), around);
    }

    private void Resize(int window)
    {
        if (window == _network.Window)
            return;
        _network = new PoolingNetwork(window);
        _network.Write(_exponent);
    }

    private void Change(float factor)
    {
        _exponent = Math.Clamp(_exponent * factor, LeastExponent, MostExponent);
        _network.Write(_exponent);
        IsStale = true;
    }
}
