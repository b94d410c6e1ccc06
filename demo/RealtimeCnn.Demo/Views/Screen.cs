using System.Globalization;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>The whole picture: a title bar, a view, and a line of measurements from the same stats that the file gets.</summary>
internal static class Screen
{
    // Twelve pixels for the smallest line of text.
    private const float SmallestScale = 12 / Theme.SmallLine;
    private const string Paused = "paused", HelpKey = "H help";

    /// <summary>Draws the picture of the newest frame; before the first one, that it is being waited for.</summary>
    public static void Draw(Scene scene, DemoControls controls, RunStats stats, string source, Size2d size)
    {
        scene.BeginPicture(size, Theme.Background, ScaleFor(size));
        var canvas = scene.Canvas;
        var room = canvas.Bounds.Inset(Theme.Margin);
        Title(canvas, room.Top(Theme.Line), controls.View.Name, controls.Paused, source, scene.Renderer);
        var body = room.Below(Theme.Line + Theme.Gap);
        body = body with { Height = body.Height - Theme.Line - Theme.Gap };
        // After a change of views the other network's first result is still on its way.
        if (scene.FrameSize.Width > 0 && scene.Network?.GetType() == controls.View.NetworkFor(controls).GetType())
            controls.View.Draw(scene, controls, body);
        else
            canvas.Text("waiting for the first result …", body.X, body.Y, Theme.Line, Theme.Muted);
        Measurements(canvas, stats, room);
        if (controls.ShowsHelp)
            Help.Draw(canvas, controls);
        scene.EndPicture();
    }

    /// <summary>Pixels for a unit: everything grows and shrinks with the picture, but text stays readable.</summary>
    public static float ScaleFor(Size2d size) => Math.Max(Math.Min(size.Width / 1280f, size.Height / 720f), SmallestScale);

    private static void Title(Canvas canvas, Area where, string view, bool isPaused, string source, string renderer)
    {
        canvas.Text("RealtimeCnn", where.X, where.Y, Theme.Line, Theme.Accent);
        float x = where.X + Canvas.TextWidth(12, Theme.Line);
        canvas.Text(view, x, where.Y + 3, Theme.SmallLine, Theme.Text);
        x += Canvas.TextWidth(view.Length + 2, Theme.SmallLine);
        if (isPaused)
        {
            canvas.Text(Paused, x, where.Y + 3, Theme.SmallLine, Theme.Accent);
            x += Canvas.TextWidth(Paused.Length + 2, Theme.SmallLine);
        }

        int room = (int)((where.Right - x) / Canvas.TextWidth(1, Theme.SmallLine));
        var name = source.AsSpan();
        if (name.Length > room / 2)
            name = name[^(room / 2)..];
        canvas.Text(name, x, where.Y + 3, Theme.SmallLine, Theme.Muted);
        int left = Math.Max(room - name.Length - 2, 0);
        var device = renderer.AsSpan(0, Math.Min(renderer.Length, left));
        canvas.Text(device, where.Right - Canvas.TextWidth(device.Length, Theme.SmallLine), where.Y + 3, Theme.SmallLine, Theme.Muted);
    }

    // What matters most stands first; what finds no room beside the way to the help is left out.
    private static void Measurements(Canvas canvas, RunStats stats, Area room)
    {
        float x = room.X, y = room.Bottom - Theme.SmallLine, right = room.Right - Canvas.TextWidth(HelpKey.Length + 1, Theme.SmallLine);
        canvas.Text(HelpKey, room.Right - Canvas.TextWidth(HelpKey.Length, Theme.SmallLine), y, Theme.SmallLine, Theme.Muted);
        Span<char> text = stackalloc char[96];
        text.TryWrite(CultureInfo.InvariantCulture, $"{stats.FrameRate:0.0} fps  ", out int length);
        Write(text[..length], Theme.Accent);
        Count(text, stats.Source.FramesDropped, "dropped", Theme.Muted);
        if (stats.Source.FramesCorrupt > 0)
            Count(text, stats.Source.FramesCorrupt, "damaged", Theme.Accent);
        Measured(text, Stage.Frame, " =  ");
        foreach (var stage in stats.Parts)
            Measured(text, stage, "  ");
        Write("ms  ", Theme.Muted);
        foreach (var stage in stats.Beside)
            Measured(text, stage, " ms beside  ");
        if (stats.Source.FramesDuplicated > 0)
            Count(text, stats.Source.FramesDuplicated, "repeated", Theme.Muted);

        void Count(Span<char> text, long count, ReadOnlySpan<char> what, Color color)
        {
            text.TryWrite(CultureInfo.InvariantCulture, $"{count} {what}  ", out int length);
            Write(text[..length], color);
        }

        // A stage that never happens here is left out.
        void Measured(Span<char> text, Stage stage, ReadOnlySpan<char> after)
        {
            var (median, _, most) = stats.Quantiles(stage);
            if (most == 0)
                return;
            string name = RunStats.NameOf(stage);
            text.TryWrite(CultureInfo.InvariantCulture, $"{name} {median:0.0}{after}", out int length);
            if (x + Canvas.TextWidth(text[..length].TrimEnd().Length, Theme.SmallLine) > right)
                return;
            Write(text[..name.Length], Theme.Muted);
            Write(text[name.Length..length], Theme.Text);
        }

        void Write(ReadOnlySpan<char> part, Color color)
        {
            if (x + Canvas.TextWidth(part.TrimEnd().Length, Theme.SmallLine) > right)
                return;
            canvas.Text(part, x, y, Theme.SmallLine, color);
            x += Canvas.TextWidth(part.Length, Theme.SmallLine);
        }
    }
}
