using System.Globalization;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Modes.Wall;

/// <summary>What there is to say about one channel: its numbers with the colours they have, its weights, what excites it, and what did so far.</summary>
/// <param name="study">Finds it out.</param>
internal sealed class ChannelPanel(ChannelStudy study)
{
    private const float Step = 24, BarHeight = 12, WeightsHeight = 84, MostCell = 11;
    private const int MostWindows = 400;
    private const string Strongest = "strongest so far";

    public void Draw(Scene scene, WallLayer layer, int channel, float gain, Area where, Surroundings around)
    {
        var canvas = scene.Canvas;
        Span<char> text = stackalloc char[96];
        text.TryWrite(CultureInfo.InvariantCulture, $"{layer.Title}", out int length);
        Panels.Line(canvas, text[..length], where.X, where.Y, Theme.SmallLine, where.Width, Theme.Text);
        text.TryWrite(CultureInfo.InvariantCulture, $"map {channel + 1} of {layer.Shape.Channels}", out length);
        Panels.Line(canvas, text[..length], where.X, where.Y + Step, Theme.SmallLine, where.Width, Theme.Accent);
        if (gain != 1)
        {
            if (gain == 0)
                text.TryWrite($"muted", out length);
            else
                text.TryWrite(CultureInfo.InvariantCulture, $"×{gain:0}", out length);
            canvas.Text(text[..length], where.Right - Canvas.TextWidth(length, Theme.SmallLine), where.Y + Step, Theme.SmallLine, Theme.Accent);
        }

        float y = Range(canvas, layer, channel, where, where.Y + (2 * Step), around);
        y = Weights(canvas, layer, channel, where with { Y = y, Height = WeightsHeight }, around);
        Excites(scene, where.Below(y - where.Y), around);
    }

    // The colour bar, least to greatest, with its numbers below.
    private float Range(Canvas canvas, WallLayer layer, int channel, Area where, float y, Surroundings around)
    {
        if (!study.IsOf(layer, channel) || study.Found is not { } found)
        {
            canvas.Text("…", where.X, y, Theme.SmallLine, Theme.Muted);
            return y + Step + BarHeight + 10;
        }

        if (layer.Shape.Area == 1)
        {
            Span<char> text = stackalloc char[32];
            text.TryWrite(CultureInfo.InvariantCulture, $"value {found.Greatest:G4}", out int length);
            canvas.Text(text[..length], where.X, y, Theme.SmallLine, Theme.Text);
            return y + Step + 6;
        }

        var scale = new MapScale(layer.Colors, found.Least, found.Greatest);
        float far = layer.Colors == MapColors.AroundZero ? Math.Max(Math.Abs(found.Least), Math.Abs(found.Greatest)) : found.Greatest;
        var bar = new Area(where.X, y + 4, where.Width, BarHeight);
        if (scale.IsBroken)
        {
            canvas.Fill(bar, new Color(0.92f, 0.2f, 0.8f), 2);
            canvas.Text("not finite", where.X, bar.Bottom + 2, Theme.SmallLine, Theme.Accent);
        }
        else
        {
            const int Parts = 64;
            float from = layer.Colors == MapColors.AroundZero ? -far : 0;
            for (int i = 0; i < Parts; i++)
            {
                float left = around.BetweenPixels(bar.X + (bar.Width * i / Parts)), right = around.BetweenPixels(bar.X + (bar.Width * (i + 1) / Parts));
                canvas.Fill(new Area(left, bar.Y, right - left, bar.Height), scale.ColorOf(from + ((far - from) * (i + 0.5f) / Parts)));
            }

            if (far > 0)
            {
                Mark(found.Least);
                Mark(found.Greatest);
            }

            Number(found.Least, "least ", bar.X, false);
            Number(found.Greatest, "greatest ", bar.Right, true);

            void Mark(float value)
            {
                float x = bar.X + (bar.Width * Math.Clamp((value - from) / (far - from), 0, 1));
                canvas.Fill(new Area(x - 1, bar.Y - 3, 2, bar.Height + 6), Theme.Text);
            }
        }

        around.Explain(bar with { Height = BarHeight + Step }, layer.Colors == MapColors.AroundZero
            ? "The colours of this map: amber above 0, blue below it, dark at 0. The marks are its least and greatest value."
            : "The colours of this map: from 0 to its greatest value. This layer gives nothing below 0.");
        return bar.Bottom + Step + 6;

        void Number(float value, ReadOnlySpan<char> name, float x, bool isRight)
        {
            Span<char> written = stackalloc char[32];
            written.TryWrite(CultureInfo.InvariantCulture, $"{name}{value:G3}", out int count);
            canvas.Text(written[..count], isRight ? x - Canvas.TextWidth(count, Theme.SmallLine) : x, bar.Bottom + 4, Theme.SmallLine, Theme.Text);
        }
    }

    // Amber adds, blue subtracts, as strong as the weight.
    private static float Weights(Canvas canvas, WallLayer layer, int channel, Area where, Surroundings around)
    {
        var weights = layer.WeightsOf(channel, out int count, out var window);
        Span<char> text = stackalloc char[64];
        int length;
        if (count == 0)
        {
            canvas.Text("no weights of its own", where.X, where.Y, Theme.SmallLine, Theme.Muted);
            return where.Y + Step + 4;
        }

        text.TryWrite(CultureInfo.InvariantCulture, $"weights: {count} × {window.Height}×{window.Width}", out length);
        Panels.Line(canvas, text[..length], where.X, where.Y, Theme.SmallLine, where.Width, Theme.Muted);
        var room = where.Below(Step);
        int shown = Math.Min(count, MostWindows);
        var (columns, rows) = Panels.BestGrid(new Size2d(window.Height + 1, window.Width + 1), shown, room);
        float cell = Math.Min(Math.Min(room.Width / columns / (window.Width + 0.6f), room.Height / rows / (window.Height + 0.6f)), MostCell), strongest = 1e-12f;
        foreach (float weight in weights)
            strongest = Math.Max(strongest, Math.Abs(weight));
        var scale = new MapScale(MapColors.AroundZero, -strongest, strongest);
        int area = window.Height * window.Width;
        for (int i = 0; i < shown * area; i++)
        {
            int one = i / area, at = i % area;
            float x = room.X + ((one % columns * (window.Width + 0.6f)) + (at % window.Width)) * cell, y = room.Y + ((one / columns * (window.Height + 0.6f)) + (at / window.Width)) * cell;
            canvas.Fill(new Area(x, y, cell - 0.4f, cell - 0.4f), scale.ColorOf(weights[i]));
        }

        around.Explain(where, "The weights of this map, a window for each map that it reads: amber adds, blue subtracts.");
        return where.Y + Step + (rows * (window.Height + 0.6f) * cell) + 8;
    }

    private void Excites(Scene scene, Area where, Surroundings around)
    {
        var canvas = scene.Canvas;
        Span<char> text = stackalloc char[48];
        float width = Math.Min(where.Width, (where.Height - Step) * study.Sheet.Size.Width / study.Sheet.Size.Height), height = width * study.Sheet.Size.Height / study.Sheet.Size.Width;
        if (width <= 0)
            return;
        var sheet = new Area(where.X, where.Y + Step, width, height);
        float side = (width + 4) / ChannelStudy.Columns, caption = where.X + Math.Max(side, Canvas.TextWidth(8, Theme.SmallLine)) + 8;
        canvas.Text("excites", where.X, where.Y, Theme.SmallLine, Theme.Muted);
        canvas.Text(Strongest, caption, where.Y, Theme.SmallLine, Theme.Muted);
        if (study.PatchCount > 0)
        {
            text.TryWrite(CultureInfo.InvariantCulture, $"{study.Strongest:G3}", out int length);
            canvas.Text(text[..length], caption + Canvas.TextWidth(Strongest.Length + 1, Theme.SmallLine), where.Y, Theme.SmallLine, Theme.Text);
        }

        scene.DrawSheet(study.Sheet, sheet);
        var first = new Area(sheet.X, sheet.Y, side - 4, side - 4);
        canvas.Outline(first, Theme.Accent.WithOpacity(0.8f), 1);
        if (study.Climbs && study.Problem == null && study.Steps < ChannelStudy.AllSteps)
            canvas.Fill(new Area(first.X, first.Bottom - 3, first.Width * Math.Max(study.Steps, 0) / ChannelStudy.AllSteps, 3), Theme.Accent);
        around.Explain(sheet, "The parts of the pictures so far that this map answered most strongly to, strongest first; of each second the best one.");
        around.Explain(first, study.Problem ?? (study.Climbs
            ? "What excites this map: from gray up its gradient, step by step on the CPU (E)."
            : "E seeks what excites this map."));
    }
}
