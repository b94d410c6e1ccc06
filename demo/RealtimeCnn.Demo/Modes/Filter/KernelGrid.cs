using System.Globalization;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Modes.Filter;

/// <summary>A window of weights as a grid of numbers: amber for what adds, blue for what subtracts, as strong as the weight.</summary>
/// <param name="window">The weights.</param>
internal sealed class KernelGrid(KernelWindow window)
{
    private Area _where;

    /// <summary>Draws it.</summary>
    public void Draw(Canvas canvas, Area where, Surroundings around)
    {
        _where = where;
        float strongest = Math.Max(window.Strongest, 1e-6f);
        for (int i = 0; i < window.Weights.Count; i++)
        {
            var cell = CellOf(i);
            float weight = window.Weights[i];
            canvas.Fill(cell, (weight >= 0 ? Theme.Accent : Theme.Cool).WithOpacity(0.12f + (0.55f * Math.Abs(weight) / strongest)), 4);
            if (i == window.Cell || around.IsOver(cell))
                canvas.Outline(cell, i == window.Cell ? Theme.Text : Theme.Muted, 2, 4);
            Number(canvas, weight, cell);
        }

        around.Explain(where, "Drag a weight up or down to change it; the wheel changes it by 0.5.");
    }

    /// <summary>The weight at a place; −1 for none.</summary>
    public int At(float x, float y)
    {
        for (int i = 0; i < window.Weights.Count; i++)
        {
            if (CellOf(i).Contains(x, y))
                return i;
        }

        return -1;
    }

    /// <summary>Where a weight is.</summary>
    public Area CellOf(int cell) => _where.Cell(window.Size, window.Size, cell, 4);

    private static void Number(Canvas canvas, float weight, Area cell)
    {
        Span<char> text = stackalloc char[16];
        weight.TryFormat(text, out int length, Math.Abs(weight) >= 10 ? "0" : Math.Abs(weight) >= 1 ? "0.#" : "0.##", CultureInfo.InvariantCulture);
        // A number of −0.25 still has room.
        float height = Math.Min(cell.Height * 0.44f, cell.Width / 2.7f);
        canvas.Text(text[..length], cell.X + ((cell.Width - Canvas.TextWidth(length, height)) / 2), cell.Y + ((cell.Height - height) / 2), height, Theme.Text);
    }
}
