using System.Globalization;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Modes.Explore;

/// <summary>Equivariance: to shift and then convolve is to convolve and then shift, and where a stride or pooling ends that.</summary>
internal sealed class ShiftScene : ExploreScene
{
    // Pixels that the picture moves by itself, and how fast.
    private const double Radius = 6, Speed = 0.5;
    private const float UnitsPerPixel = 6, Nothing = 1e-4f;
    private static readonly string[] Panes = [ShiftNetwork.Shifted, ShiftNetwork.Before, ShiftNetwork.After, ShiftNetwork.Difference];

    private static readonly string[] Meanings =
    [
        "The picture, shifted: drag it, or watch it wander. Black comes in at the border.",
        "f(g(x)): first shifted, then convolved.",
        "g(f(x)): first convolved, then shifted, by as many pixels as the result has for them.",
        "How far both are apart, bright where they are. Only at borders: they are the same.",
    ];

    private readonly Button[] _stepButtons;
    private readonly ButtonRow _steps;
    private readonly Area[] _panes = new Area[Panes.Length];
    private ShiftNetwork _network = new(ShiftedStep.Convolution);
    private (float X, float Y, int Right, int Down)? _drag;
    private bool _isHeld;

    public ShiftScene()
    {
        _stepButtons =
        [
            new Button("convolution", "A window that stops at each pixel: shifts pass through it.", () => Take(ShiftedStep.Convolution)),
            new Button("stride 2", "A window that stops at every other pixel: shifts by two pass through it, others do not.", () => Take(ShiftedStep.Stride2)),
            new Button("max pool 2", "The largest of each 2×2 values: shifts by two pass through it, and others change it less.", () => Take(ShiftedStep.MaxPool2)),
        ];
        _steps = new ButtonRow([.. _stepButtons, new Button("wander (R)", "Lets the picture wander by itself again.", () => _isHeld = false)]);
        Keys =
        [
            new("S", "convolution, stride 2, max pool 2", [ConsoleKey.S], _ => Take((ShiftedStep)(((int)_network.Step + 1) % 3))),
            new("arrows, drag", "shift the picture by a pixel", [ConsoleKey.LeftArrow, ConsoleKey.RightArrow, ConsoleKey.UpArrow, ConsoleKey.DownArrow], Step),
            new("R", "let it wander", [ConsoleKey.R], _ => _isHeld = false),
        ];
        _network.Write(0, 0);
    }

    public override string Name => "shift";

    public override string Purpose => "Shift, then convolve, or convolve, then shift: drag the picture, and see where both differ.";

    public override ISceneNetwork Network => _network;

    /// <summary>Pixels that the picture is shifted by.</summary>
    public (int Right, int Down) Shift { get; private set; }

    /// <summary>What the picture goes through.</summary>
    public ShiftedStep Through => _network.Step;

    /// <summary>The largest difference inside, as a share of the largest value.</summary>
    public float Share => _network.Inside.Value > 0 ? _network.Inside.Difference / _network.Inside.Value : 0;

    public override bool CanDraw(ISceneNetwork? computed) => computed is ShiftNetwork;

    public override bool Advance(TimeSpan now)
    {
        if (_isHeld)
            return false;
        double t = now.TotalSeconds * Speed;
        Move((int)Math.Round(Radius * Math.Sin(t)), (int)Math.Round(Radius / 2 * Math.Sin(2 * t)));
        return true;
    }

    public override bool Point(in PointerEvent used)
    {
        if (_steps.Point(used))
            return true;
        if (used.Action is PointerAction.Released or PointerAction.Left)
        {
            _drag = null;
            return true;
        }

        if (_drag is var (x, y, right, down))
        {
            Move(right + (int)MathF.Round((used.X - x) / UnitsPerPixel), down + (int)MathF.Round((used.Y - y) / UnitsPerPixel));
            return true;
        }

        if (used is not { Action: PointerAction.Pressed, Button: PointerButton.Left } || !_panes[0].Contains(used.X, used.Y))
            return false;
        (_isHeld, _drag) = (true, (used.X, used.Y, Shift.Right, Shift.Down));
        return true;
    }

    public override void Draw(Scene scene, Area where, Surroundings around)
    {
        if (scene.Network is not ShiftNetwork shown)
            return;
        var canvas = scene.Canvas;
        float text = 120;
        var pictures = where with { Height = where.Height - text - Theme.Gap };
        Span<char> label = stackalloc char[64];
        for (int i = 0; i < Panes.Length; i++)
        {
            int length = Panes[i].Length;
            if (i == 0)
                label.TryWrite(CultureInfo.InvariantCulture, $"shifted by {Shift.Right}, {Shift.Down}", out length);
            else
                Panes[i].CopyTo(label);
            _panes[i] = Panels.Value(scene, Panes[i], label[..length], i == 0 ? Theme.Accent : Theme.Text, pictures.Cell(2, 2, i, Theme.Gap));
            around.Explain(_panes[i], Meanings[i]);
        }

        Explain(canvas, shown, where with { Y = where.Bottom - text, Height = text }, around);
    }

    private void Explain(Canvas canvas, ShiftNetwork shown, Area where, Surroundings around)
    {
        canvas.Fill(where, Theme.Panel, 6);
        var room = where.Inset(12);
        bool isSame = Share < Nothing, isWhole = Shift.Right % shown.Stride == 0 && Shift.Down % shown.Stride == 0;
        Span<char> text = stackalloc char[128];
        text.TryWrite(CultureInfo.InvariantCulture, $"away from borders they differ by {Share * 100:0.0} % of the largest value", out int length);
        Panels.Line(canvas, text[..length], room.X, room.Y, Theme.Line, room.Width, isSame ? Theme.Cool : Theme.Accent);
        string why = shown.Step == ShiftedStep.Convolution ? "Equivariant: f(g(x)) = g(f(x)). Only at the borders, where black comes in, both differ."
            : isWhole ? "Shifts by whole steps of two pixels pass through it."
            : "Odd shifts end up between its steps of two: no shift of the result makes up for that.";
        Panels.Line(canvas, why, room.X, room.Y + 34, Theme.SmallLine, room.Width, Theme.Text);
        for (int i = 0; i < _stepButtons.Length; i++)
            _stepButtons[i].IsOn = i == (int)_network.Step;
        _steps.Draw(canvas, new Area(room.X, room.Bottom - ButtonRow.Height, room.Width, ButtonRow.Height), around);
    }

    private void Step(ConsoleKey key)
    {
        _isHeld = true;
        var (right, down) = key switch { ConsoleKey.LeftArrow => (-1, 0), ConsoleKey.RightArrow => (1, 0), ConsoleKey.UpArrow => (0, -1), _ => (0, 1) };
        Move(Shift.Right + right, Shift.Down + down);
    }

    private void Take(ShiftedStep step)
    {
        if (step == _network.Step)
            return;
        _network = new ShiftNetwork(step);
        _network.Write(Shift.Right, Shift.Down);
    }

    private void Move(int right, int down)
    {
        var shift = (Math.Clamp(right, -ShiftNetwork.Most, ShiftNetwork.Most), Math.Clamp(down, -ShiftNetwork.Most, ShiftNetwork.Most));
        if (shift == Shift)
            return;
        Shift = shift;
        _network.Write(Shift.Right, Shift.Down);
        IsStale = true;
    }
}
