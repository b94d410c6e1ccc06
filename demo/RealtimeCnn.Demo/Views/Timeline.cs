using System.Globalization;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>How far a video is: a thin bar under everything, which grows a handle under the mouse, and the time in words at its end.</summary>
internal static class Timeline
{
    /// <summary>Height of the bar.</summary>
    public const float Height = 3;

    // Who wants to hit a thin line needs room around it.
    private const float Reach = 5, HandleSide = 11;

    /// <param name="canvas">What to draw on.</param>
    /// <param name="position">How far it is.</param>
    /// <param name="room">The bar lies at its lower edge.</param>
    /// <param name="around">Gets an explanation, and where the mouse can choose a time.</param>
    public static void Draw(Canvas canvas, VideoPosition position, Area room, Surroundings around)
    {
        var bar = room with { Y = room.Bottom - Height, Height = Height };
        var reach = bar with { Y = bar.Y - Reach, Height = Height + (2 * Reach) };
        canvas.Fill(bar, Theme.Raised);
        canvas.Fill(bar with { Width = bar.Width * (float)position.Share }, Theme.Accent);
        Span<char> text = stackalloc char[32];
        int length;
        if (position.Length is { } whole)
        {
            around.Timeline = reach;
            text.TryWrite(CultureInfo.InvariantCulture, $"{Minutes(position.At)}:{position.At.Seconds:00} / {Minutes(whole)}:{whole.Seconds:00}", out length);
            around.Explain(reach, "how far the video is; click or drag to be elsewhere (left, right: five seconds; Home, End); it begins again at its end");
            if (around.IsOver(reach))
            {
                float x = Math.Clamp(bar.X + (bar.Width * (float)position.Share) - (HandleSide / 2), bar.X, Math.Max(bar.Right - HandleSide, bar.X));
                canvas.Fill(new Area(x, bar.Y + ((Height - HandleSide) / 2), HandleSide, HandleSide), Theme.Accent, HandleSide / 2);
            }
        }
        else
        {
            text.TryWrite(CultureInfo.InvariantCulture, $"{Minutes(position.At)}:{position.At.Seconds:00} / ?", out length);
            around.Explain(reach, "how long the video plays; it does not say how long it is, so that it cannot be entered in its middle");
        }

        float width = Canvas.TextWidth(length, Theme.SmallLine);
        var ground = new Area(bar.Right - width - 14, bar.Y - Theme.SmallLine - 6, width + 10, Theme.SmallLine + 2);
        canvas.Fill(ground, Theme.Background.WithOpacity(0.8f), 4);
        canvas.Text(text[..length], ground.X + 5, ground.Y + 1, Theme.SmallLine, Theme.Text);
    }

    private static int Minutes(TimeSpan time) => (int)time.TotalMinutes;
}
