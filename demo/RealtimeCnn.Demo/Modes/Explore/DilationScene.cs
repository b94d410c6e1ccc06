using System.Globalization;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Modes.Explore;

/// <summary>A window of nine weights whose elements step apart: what it reaches, and what it finds, at several dilations.</summary>
internal sealed class DilationScene : ExploreScene
{
    private const float LeftShare = 0.46f, TextHeight = 110;
    private readonly DilationNetwork _network = new();
    private readonly Area[] _pictures = new Area[DilationNetwork.Dilations.Count + 1];
    private int _chosen = 2;

    public DilationScene() => Keys =
    [
        new("arrows", "choose a dilation", [ConsoleKey.LeftArrow, ConsoleKey.RightArrow, ConsoleKey.UpArrow, ConsoleKey.DownArrow], key => Move(key is ConsoleKey.RightArrow or ConsoleKey.DownArrow ? 1 : -1)),
    ];

    public override string Name => "dilation";

    public override string Purpose => "Nine weights that step apart reach farther and cost the same: click a result to see what its window reaches.";

    public override ISceneNetwork Network => _network;

    /// <summary>The dilation whose window is drawn.</summary>
    public int Dilation => DilationNetwork.Dilations[_chosen];

    // The window wanders by itself.
    public override bool Advance(TimeSpan now) => true;

    public override bool Point(in PointerEvent used)
    {
        if (used is not { Action: PointerAction.Pressed, Button: PointerButton.Left })
            return false;
        for (int i = 1; i < _pictures.Length; i++)
        {
            if (!_pictures[i].Contains(used.X, used.Y))
                continue;
            _chosen = i - 1;
            return true;
        }

        return false;
    }

    public override void Draw(Scene scene, Area where, Surroundings around)
    {
        var canvas = scene.Canvas;
        float width = MathF.Round(where.Width * LeftShare);
        var left = where with { Width = width };
        _pictures[0] = Panels.Source(scene, left with { Height = left.Height - TextHeight - Theme.Gap }, around);
        var right = where with { X = where.X + width + Theme.Gap, Width = where.Width - width - Theme.Gap };
        for (int i = 0; i < DilationNetwork.Names.Count; i++)
        {
            bool isChosen = i == _chosen;
            var picture = _pictures[i + 1] = Panels.Value(scene, DilationNetwork.Names[i], DilationNetwork.Names[i], isChosen ? Theme.Accent : Theme.Text, right.Cell(2, 2, i, Theme.Gap));
            if (isChosen || around.IsOver(picture))
                canvas.Outline(picture, isChosen ? Theme.Accent : Theme.Muted, 2);
            around.Explain(picture, "What the nine weights make of the picture, and the place that is drawn on the left; click to see what they reach.");
        }

        var (x, y) = Sweep.At(around, _pictures);
        DrawReach(canvas, x, y);
        for (int i = 1; i < _pictures.Length; i++)
            Mark(canvas, _pictures[i], x, y);
        Explain(canvas, left with { Y = left.Bottom - TextHeight, Height = TextHeight });
    }

    // The nine pixels, and a frame around all that lies between them.
    private void DrawReach(Canvas canvas, float x, float y)
    {
        var picture = _pictures[0];
        float pixel = picture.Width / _network.Seen.Width, tap = Math.Max(pixel, 5), step = Dilation * pixel;
        float centreX = picture.X + (x * picture.Width), centreY = picture.Y + (y * picture.Height), reach = DilationNetwork.Reach(Dilation) * pixel;
        Outline(new Area(centreX - (reach / 2), centreY - (reach / 2), reach, reach).Inset(-2), Theme.Accent.WithOpacity(0.9f));
        for (int i = 0; i < DilationNetwork.Kernel * DilationNetwork.Kernel; i++)
        {
            float left = centreX + (((i % DilationNetwork.Kernel) - 1) * step), top = centreY + (((i / DilationNetwork.Kernel) - 1) * step);
            var place = new Area(left - (tap / 2), top - (tap / 2), tap, tap);
            if (!picture.Contains(left, top))
                continue;
            canvas.Fill(place.Inset(-1), Theme.Background);
            canvas.Fill(place, i == DilationNetwork.Kernel * DilationNetwork.Kernel / 2 ? Theme.Accent : Theme.Cool);
        }

        // What lies over the border is cut off.
        void Outline(Area frame, Color color)
        {
            float l = Math.Max(frame.X, picture.X), t = Math.Max(frame.Y, picture.Y);
            canvas.Outline(new Area(l, t, Math.Min(frame.Right, picture.Right) - l, Math.Min(frame.Bottom, picture.Bottom) - t), color, 2);
        }
    }

    private static void Mark(Canvas canvas, Area picture, float x, float y) =>
        canvas.Outline(new Area(picture.X + (x * picture.Width) - 4, picture.Y + (y * picture.Height) - 4, 8, 8), Theme.Accent, 2);

    private void Explain(Canvas canvas, Area where)
    {
        canvas.Fill(where, Theme.Panel, 6);
        var room = where.Inset(12);
        int reach = DilationNetwork.Reach(Dilation);
        Span<char> text = stackalloc char[96];
        text.TryWrite(CultureInfo.InvariantCulture, $"3×3 weights, dilation {Dilation}: reach {reach}×{reach}", out int length);
        Panels.Line(canvas, text[..length], room.X, room.Y, Theme.Line, room.Width, Theme.Accent);
        text.TryWrite(CultureInfo.InvariantCulture, $"dilation · (3 - 1) + 1 = {reach} pixels along a side", out length);
        Panels.Line(canvas, text[..length], room.X, room.Y + 34, Theme.SmallLine, room.Width, Theme.Text);
        Panels.Line(canvas, "9 weights, 9 products a value, whatever the dilation", room.X, room.Y + 60, Theme.SmallLine, room.Width, Theme.Muted);
    }

    private void Move(int step) => _chosen = (_chosen + step + DilationNetwork.Dilations.Count) % DilationNetwork.Dilations.Count;
}
