using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Drawing;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Views;

/// <summary>Something to press with the mouse.</summary>
/// <param name="Label">What is written on it.</param>
/// <param name="Tip">What it does, in a sentence, for a mouse that rests on it.</param>
/// <param name="Do">Does it.</param>
internal sealed record Button(string Label, string Tip, Action Do)
{
    /// <summary>Whether it is shown as chosen.</summary>
    public bool IsOn { get; set; }
}

/// <summary>Buttons side by side, each as wide as its label.</summary>
/// <param name="buttons">From the left.</param>
internal sealed class ButtonRow(params Button[] buttons)
{
    /// <summary>Of a row, in units.</summary>
    public const float Height = 28;

    private readonly Area[] _areas = new Area[buttons.Length];

    /// <summary>Draws them from the left, as many as there is room for.</summary>
    /// <returns>The width that they take.</returns>
    public float Draw(Canvas canvas, Area where, Surroundings around)
    {
        float x = where.X;
        for (int i = 0; i < buttons.Length; i++)
        {
            var button = buttons[i];
            float width = Canvas.TextWidth(button.Label.Length, Theme.SmallLine) + 20;
            var area = _areas[i] = x + width > where.Right + 1 ? default : new Area(x, where.Y, width, Height);
            if (area == default)
                continue;
            bool isOver = around.IsOver(area);
            canvas.Fill(area, button.IsOn ? Theme.Accent : isOver ? Theme.Raised : Theme.Panel, 5);
            if (!button.IsOn)
                canvas.Outline(area, isOver ? Theme.Accent : Theme.Muted.WithOpacity(0.5f), 1, 5);
            canvas.Text(button.Label, area.X + 10, area.Y + ((Height - Theme.SmallLine) / 2), Theme.SmallLine, button.IsOn ? Theme.Background : Theme.Text);
            around.Explain(area, button.Tip);
            x += width + 8;
        }

        return Math.Max(x - 8 - where.X, 0);
    }

    /// <summary>Presses the one under the mouse.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Point(in PointerEvent used)
    {
        if (used is not { Action: PointerAction.Pressed, Button: PointerButton.Left })
            return false;
        for (int i = 0; i < buttons.Length; i++)
        {
            if (!_areas[i].Contains(used.X, used.Y))
                continue;
            buttons[i].Do();
            return true;
        }

        return false;
    }
}
