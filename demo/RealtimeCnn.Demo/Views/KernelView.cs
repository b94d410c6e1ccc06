using System.Globalization;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>The editable 3×3 kernel: its weights between the picture and what they make of it.</summary>
internal sealed class KernelView : IView
{
    private const float CellSize = 84, Tolerance = 1e-4f;

    public string Name => "kernel";

    public void Draw(Scene scene, DemoControls controls, Area where)
    {
        float pictureHeight = MathF.Round((where.Height - Theme.Gap) * 0.58f);
        var top = where.Top(pictureHeight);
        Panels.Source(scene, top.Cell(2, 1, 0, Theme.Gap));
        Panels.Custom(scene, controls.Settings, top.Cell(2, 1, 1, Theme.Gap));

        var canvas = scene.Canvas;
        var below = where.Below(pictureHeight + Theme.Gap);
        canvas.Fill(below, Theme.Panel, 6);
        float size = MathF.Round(Math.Min(CellSize, (below.Height - 24) / 3));
        var matrix = new Area(MathF.Round(below.X + (below.Width / 4) - (size * 1.5f)), MathF.Round(below.Y + ((below.Height - (size * 3)) / 2)), size * 3, size * 3);
        float strongest = Math.Max(controls.Settings.Kernel.Max(Math.Abs), 1e-6f);
        for (int i = 0; i < 9; i++)
            Weight(canvas, controls.Settings.Kernel[i], strongest, matrix.Cell(3, 3, i, 4), chosen: i == controls.Cell);
        Explain(canvas, controls.Settings, below.X + (below.Width / 2), matrix.Y);
    }

    private static void Weight(Canvas canvas, float weight, float strongest, Area where, bool chosen)
    {
        // Warm for what adds, cool for what subtracts, as strong as the weight.
        var color = (weight >= 0 ? Theme.Accent : Theme.Cool).WithOpacity(0.12f + (0.55f * Math.Abs(weight) / strongest));
        canvas.Fill(where, color, 4);
        if (chosen)
            canvas.Outline(where, Theme.Text, 2.5f, 4);
        Span<char> text = stackalloc char[16];
        text.TryWrite(CultureInfo.InvariantCulture, $"{weight:0.##}", out int length);
        float height = where.Height * 0.42f;
        canvas.Text(text[..length], where.X + ((where.Width - Canvas.TextWidth(length, height)) / 2), where.Y + ((where.Height - height) / 2), height, Theme.Text);
    }

    private static void Explain(Canvas canvas, NetworkSettings settings, float x, float y)
    {
        Span<char> text = stackalloc char[80];
        float sum = settings.Kernel.Sum();
        text.TryWrite(CultureInfo.InvariantCulture, $"sum of weights {sum:0.##}", out int length);
        Line("each pixel becomes the weighted sum of its", Theme.Muted);
        Line("3×3 neighbours, each colour by itself", Theme.Muted);
        y += 8;
        Line(text[..length], Theme.Text);
        Line(MeaningOf(sum), Theme.Muted);
        y += 8;
        Line("arrows choose a weight, + - change it", Theme.Muted);
        Line("K loads a classical filter, R resets", Theme.Muted);

        void Line(ReadOnlySpan<char> line, Color color)
        {
            canvas.Text(line, x, y, Theme.Line, color);
            y += Theme.Line + 2;
        }
    }

    /// <summary>What a picture of one colour becomes: its brightness times the sum, shown from 0 (black) to 1 (white).</summary>
    internal static string MeaningOf(float sum) => sum switch
    {
        < -Tolerance => "below 0: flat areas turn black, and stay so",
        < Tolerance => "0: flat areas turn black, only edges are left",
        < 1 - Tolerance => "below 1: darker than the picture",
        < 1 + Tolerance => "1: as bright as the picture",
        _ => "above 1: brighter than the picture",
    };
}
