using System.Globalization;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>How far a video is: a thin bar under everything, and the time in words at its end.</summary>
internal static class Timeline
{
    /// <summary>Height of the bar.</summary>
    public const float Height = 3;

    /// <param name="canvas">What to draw on.</param>
    /// <param name="position">How far it is.</param>
    /// <param name="room">The bar lies at its lower edge.</param>
    /// <param name="around">Gets an explanation.</param>
    public static void Draw(Canvas canvas, VideoPosition position, Area room, Surroundings around)
    {
        var bar = room with { Y = room.Bottom - Height, Height = Height };
        canvas.Fill(bar, Theme.Raised);
        canvas.Fill(bar with { Width = bar.Width * (float)position.Share }, Theme.Accent);
        Span<char> text = stackalloc char[32];
        text.TryWrite(CultureInfo.InvariantCulture, $"{(int)position.At.TotalMinutes}:{position.At.Seconds:00} / {(int)position.Length.TotalMinutes}:{position.Length.Seconds:00}", out int length);
        float width = Canvas.TextWidth(length, Theme.SmallLine);
        var ground = new Area(bar.Right - width - 14, bar.Y - Theme.SmallLine - 6, width + 10, Theme.SmallLine + 2);
        canvas.Fill(ground, Theme.Background.WithOpacity(0.8f), 4);
        canvas.Text(text[..length], ground.X + 5, ground.Y + 1, Theme.SmallLine, Theme.Text);
        around.Explain(bar with { Y = bar.Y - 4, Height = Height + 8 }, "how far the video is; it begins again at its end");
    }
}
