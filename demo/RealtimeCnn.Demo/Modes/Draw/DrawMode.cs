using System.Numerics;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Modes.Draw;

/// <summary>A digit drawn with the mouse is recognised while it is drawn, with all maps of the network that does it. Idle, the demo writes by itself.</summary>
internal sealed class DrawMode : Mode, IDisposable
{
    private const float LeastRadius = 0.012f, MostRadius = 0.12f, RadiusStep = 1.2f;
    private const float AnswersWidth = 270, BoardShare = 0.40f, Caption = 60, LeastMaps = 240, UprightBoard = 0.52f;
    private static readonly TimeSpan FirstIdle = TimeSpan.FromSeconds(0.4), Idle = TimeSpan.FromSeconds(12);

    private readonly Board _board = new();
    private readonly SelfWriter _writer;
    private readonly LayeredModel _network;
    private readonly ShownClassifier _answers;
    private readonly ButtonRow _buttons;
    private Area _sheet;
    private Vector2? _pen;
    private bool _isErasing, _isNew = true, _writesItself;
    private float _radius = 0.036f;
    private TimeSpan _now, _idleUntil = FirstIdle;

    /// <param name="digits">A classifier of written digits.</param>
    public DrawMode(ShownClassifier digits)
    {
        (_answers, _network, _writer) = (digits, new LayeredModel(digits), new SelfWriter(_board));
        _buttons = new ButtonRow(
            new Button("clear", "Wipes the board (Del).", Clear),
            new Button("thinner", "A thinner brush (-, or the wheel).", () => Resize(1 / RadiusStep)),
            new Button("thicker", "A thicker brush (+, or the wheel).", () => Resize(RadiusStep)));
        Keys =
        [
            new("Del, Backspace", "wipe the board", [ConsoleKey.Delete, ConsoleKey.Backspace], _ => Clear()),
            new("+ -, wheel", "size of the brush", [ConsoleKey.OemPlus, ConsoleKey.Add, ConsoleKey.OemMinus, ConsoleKey.Subtract], key => Resize(key is ConsoleKey.OemPlus or ConsoleKey.Add ? RadiusStep : 1 / RadiusStep)),
        ];
    }

    public override string Name => "draw";

    public override string Purpose => "Draw a digit; a network reads it while you draw.";

    public override string Hint => "Draw a digit on the board with the mouse. The right button erases.";

    public override ISceneNetwork Network => _network;

    public override bool HasOwnPictures => true;

    /// <summary>What is on the board.</summary>
    public Board Board => _board;

    /// <summary>Half the width of the brush, in shares of the board's side.</summary>
    public float Radius => _radius;

    public override Frame? TakePicture()
    {
        if (!_isNew)
            return null;
        var picture = _board.Picture();
        _isNew = picture is null;
        return picture;
    }

    public override void Enter() => _isNew = true;

    public override void Reset() => Clear();

    public override bool Advance(TimeSpan now)
    {
        _now = now;
        if (_pen is not null || now < _idleUntil)
            return false;
        if (!_writesItself)
        {
            _writesItself = true;
            _writer.Begin(now);
            _isNew = true;
        }

        bool changed = _writer.Advance(now);
        _isNew |= changed;
        return changed;
    }

    public override bool Point(in PointerEvent used)
    {
        if (_buttons.Point(used))
            return true;
        if (used.Action == PointerAction.Scrolled)
        {
            Resize(used.Wheel > 0 ? RadiusStep : 1 / RadiusStep);
            return true;
        }

        if (used.Action is PointerAction.Released or PointerAction.Left)
        {
            _pen = null;
            return true;
        }

        var place = new Vector2((used.X - _sheet.X) / _sheet.Width, (used.Y - _sheet.Y) / _sheet.Height);
        if (used.Action == PointerAction.Pressed)
        {
            if (!_sheet.Contains(used.X, used.Y) || used.Button is not (PointerButton.Left or PointerButton.Right))
                return false;
            if (_writesItself)
                Clear();
            (_pen, _isErasing) = (place, used.Button == PointerButton.Right);
        }

        if (_pen is not { } from)
            return _sheet.Contains(used.X, used.Y);
        _board.Add(new Stroke(from, place, _isErasing ? 2 * _radius : _radius, _isErasing));
        (_pen, _isNew, _idleUntil) = (place, true, _now + Idle);
        return true;
    }

    public override void Draw(Scene scene, Area where, Surroundings around)
    {
        bool isUpright = PictureSplit.IsUpright(where);
        float side = MathF.Round(isUpright ? Math.Min(where.Width, where.Height * UprightBoard) : Math.Min(where.Height - Caption, where.Width * BoardShare));
        _sheet = new Area(where.X, where.Y, side, side);
        DrawBoard(scene.Canvas, around);
        _buttons.Draw(scene.Canvas, new Area(where.X, _sheet.Bottom + Theme.Gap, side, ButtonRow.Height), around);
        Panels.Line(scene.Canvas, _writesItself ? "the demo is writing: draw to take over" : "left draws, right erases, wheel: brush", where.X, _sheet.Bottom + Theme.Gap + ButtonRow.Height + 4, Theme.SmallLine, side, Theme.Muted);

        // At the right of the board; below it in a room that is higher than wide.
        var rest = isUpright ? where.Below(side + Caption + Theme.Gap) : new Area(_sheet.Right + Theme.Gap, where.Y, where.Right - _sheet.Right - Theme.Gap, where.Height);
        var answers = rest with { X = rest.Right - AnswersWidth, Width = AnswersWidth };
        var maps = rest with { Width = answers.X - rest.X - Theme.Gap };
        Answers.DrawBest(scene.Canvas, _answers, answers, isBlank: _board.IsBlank, around);
        if (maps.Width >= LeastMaps)
            DrawInside(scene, maps, around);
    }

    public void Dispose() => _board.Dispose();

    private void DrawBoard(Canvas canvas, Surroundings around)
    {
        canvas.Fill(_sheet, Theme.Board, 8);
        for (int i = 0; i < _board.Strokes.Count; i++)
        {
            var stroke = _board.Strokes[i];
            Vector2 from = OnCanvas(stroke.From), to = OnCanvas(stroke.To);
            canvas.Line(from.X, from.Y, to.X, to.Y, stroke.IsErasing ? Theme.Board : Theme.Chalk, 2 * stroke.Radius * _sheet.Width);
        }

        if (_writesItself && _writer.Pen is { } pen)
            canvas.Disk(OnCanvas(pen).X, OnCanvas(pen).Y, 6, Theme.Accent);
        bool isOver = around.IsOver(_sheet);
        canvas.Outline(_sheet, isOver ? Theme.Accent : Theme.Muted.WithOpacity(0.6f), 2, 8);
        if (isOver && around.Pointer is var (x, y))
        {
            float radius = (_isErasing ? 2 : 1) * _radius * _sheet.Width;
            canvas.Outline(new Area(x - radius, y - radius, 2 * radius, 2 * radius), Theme.Accent.WithOpacity(0.8f), 1.5f, radius);
        }
    }

    /// <summary>What the network gets, and the maps of each of its layers.</summary>
    private void DrawInside(Scene scene, Area where, Surroundings around)
    {
        const float Seen = 112;
        var canvas = scene.Canvas;
        canvas.Fill(where, Theme.Panel, 6);
        var room = where.Inset(12);
        var seen = new Area(room.X, room.Y, Seen, Seen);
        scene.DrawFrame(seen);
        canvas.Outline(seen, Theme.Muted.WithOpacity(0.6f), 1);
        around.Explain(seen, "The board as the network gets it: cut out, centred and shrunk to 28×28 pixels.");
        float x = seen.Right + 14, width = room.Right - x;
        Panels.Line(canvas, "the network sees", x, room.Y + 8, Theme.SmallLine, width, Theme.Text);
        Panels.Line(canvas, "your ink, centred,", x, room.Y + 34, Theme.SmallLine, width, Theme.Muted);
        Panels.Line(canvas, "in 28×28 pixels", x, room.Y + 56, Theme.SmallLine, width, Theme.Muted);
        Panels.Line(canvas, "and makes of it:", x, room.Y + 82, Theme.SmallLine, width, Theme.Text);
        LayerMaps.DrawAll(scene, _network.Layers, room.Below(Seen + Theme.Gap), around);
    }

    private Vector2 OnCanvas(Vector2 place) => new(_sheet.X + (place.X * _sheet.Width), _sheet.Y + (place.Y * _sheet.Height));

    private void Clear()
    {
        _board.Clear();
        (_writesItself, _isNew, _idleUntil) = (false, true, _now + Idle);
    }

    private void Resize(float factor) => _radius = Math.Clamp(_radius * factor, LeastRadius, MostRadius);
}
