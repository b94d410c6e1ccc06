using System.Globalization;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>The whole picture: the tabs, a mode, what the user should know now, and a line of measurements from the same stats that the file gets.</summary>
internal static class Screen
{
    // Twelve pixels for the smallest line of text, as a monitor of ordinary density has them.
    private const float SmallestScale = 12 / Theme.SmallLine;
    private const string Paused = "paused  ", HelpKey = "H help";

    /// <summary>Draws the picture of the newest frame; before the first one, that it is being waited for.</summary>
    /// <param name="scene">What is computed and drawn.</param>
    /// <param name="controls">What the user chose.</param>
    /// <param name="stats">What was measured.</param>
    /// <param name="source">What the pictures come from.</param>
    /// <param name="size">Of the picture, in pixels.</param>
    /// <param name="density">How many times more pixels than usual the monitor has along a side.</param>
    public static void Draw(Scene scene, DemoControls controls, RunStats stats, string source, Size2d size, float density = 1)
    {
        float scale = ScaleFor(size, density);
        controls.DrawnAt(scale, size.Width / scale);
        controls.Around.Begin();
        controls.Mode.Work(scene);
        scene.BeginPicture(size, Theme.Background, scale);
        var canvas = scene.Canvas;
        var room = canvas.Bounds.Inset(Theme.Margin);
        TabBar.Draw(canvas, controls.Modes, controls.Mode, controls.Around);
        SourceName(canvas, controls, source, scene.Renderer, room);
        var body = room.Below(TabBar.Height + Theme.Gap - 4);
        // Room for what to do first, whether it is said or not: nothing moves when it goes away.
        float foot = Math.Max(Notes.HeightOf(controls.Mode.Hint, room.Width), Theme.SmallLine);
        body = body with { Height = body.Height - foot - Theme.Gap };
        // After a change of modes the other network's first result is still on its way.
        if (scene.FrameSize.Width > 0 && controls.Mode.CanDraw(scene.Network))
            controls.Mode.Draw(scene, body, controls.Around);
        else
            canvas.Text("waiting for the first result …", body.X, body.Y, Theme.Line, Theme.Muted);
        if (!controls.Mode.HasOwnPictures && controls.Around.Position is { } position)
            Timeline.Draw(canvas, position, body with { Height = body.Height + Timeline.Height + 2 }, controls.Around);
        if (controls.ShowsTimes)
            FrameTimes.Draw(canvas, stats, room with { Height = room.Height - Theme.SmallLine - Theme.Gap }, controls.Around);
        if (controls.Caption is { } caption)
            Notes.Caption(canvas, caption, room);
        else if (controls.Message is not { } message)
            Measurements(canvas, controls, stats, room);
        else if (Notes.HeightOf(message, room.Width) is var height && height <= foot)
            Notes.Paragraph(canvas, message, room.Below(room.Height - height) with { Height = height + 1 }, Theme.Accent);
        else
            Notes.Message(canvas, message, room);
        if (controls.Tip is { } tip && controls.Around.Pointer is var (x, y))
            Notes.Tip(canvas, tip, x, y);
        if (controls.ShowsHelp)
            Help.Draw(canvas, controls);
        scene.EndPicture();
        controls.Recorder?.Drew(size, density, controls.Around);
    }

    /// <summary>Pixels for a unit: everything grows and shrinks with the picture, but text stays readable.</summary>
    /// <param name="size">Of the picture, in pixels.</param>
    /// <param name="density">How many times more pixels than usual the monitor has along a side.</param>
    public static float ScaleFor(Size2d size, float density = 1) => Math.Max(Math.Min(size.Width / 1280f, size.Height / 720f), SmallestScale * density);

    // The right end of the tabs' line: what the pictures come from, and where networks run.
    private static void SourceName(Canvas canvas, DemoControls controls, string source, string renderer, Area room)
    {
        var last = TabBar.AreaOf(controls.Modes, controls.Mode, canvas.Width, controls.Modes.Count - 1);
        int letters = (int)((room.Right - last.Right - Theme.Gap) / Canvas.TextWidth(1, Theme.SmallLine));
        if (letters < 8)
            return;
        string shown = controls.Mode.HasOwnPictures ? "the board" : source;
        Span<char> text = stackalloc char[96];
        // Where both have no room: the pictures' name, or its beginning.
        bool hasBoth = text.TryWrite(CultureInfo.InvariantCulture, $"{shown} on {renderer}", out int length) && length <= letters;
        if (!hasBoth)
        {
            length = Math.Min(Math.Min(shown.Length, letters), text.Length);
            shown.AsSpan(0, length).CopyTo(text);
            if (length < shown.Length)
                text[length - 1] = '…';
        }

        canvas.Text(text[..length], room.Right - Canvas.TextWidth(length, Theme.SmallLine), last.Y + ((TabBar.Height - Theme.SmallLine) / 2), Theme.SmallLine, Theme.Muted.WithOpacity(0.8f));
    }

    // What matters most stands first; what finds no room beside the way to the help is left out.
    private static void Measurements(Canvas canvas, DemoControls controls, RunStats stats, Area room)
    {
        float x = room.X, y = room.Bottom - Theme.SmallLine, right = room.Right - Canvas.TextWidth(HelpKey.Length + 1, Theme.SmallLine);
        canvas.Text(HelpKey, room.Right - Canvas.TextWidth(HelpKey.Length, Theme.SmallLine), y, Theme.SmallLine, Theme.Muted);
        Span<char> text = stackalloc char[96];
        if (controls.Paused)
            Write(Paused, Theme.Accent);
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
