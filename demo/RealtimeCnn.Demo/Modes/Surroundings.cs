using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Modes;

/// <summary>What a mode knows while it is drawn besides the scene: the time, where the mouse is, and whom to tell what things are.</summary>
internal sealed class Surroundings
{
    private readonly List<(Area Where, string Text)> _tips = [];

    /// <summary>Time since the start, on the clock of the run: a script's may be another than the machine's.</summary>
    public TimeSpan Now { get; set; }

    /// <summary>Where the mouse is, in units of the canvas; null where it is not over the window.</summary>
    public (float X, float Y)? Pointer { get; set; }

    /// <summary>How far the video is whose picture is shown; null for what is none.</summary>
    public VideoPosition? Position { get; set; }

    /// <summary>Where the time of the video is drawn, which a mouse may choose; of no size where it is not.</summary>
    public Area Timeline { get; set; }

    /// <summary>Whether the picture is shown as in a mirror.</summary>
    public bool IsMirrored { get; set; }

    /// <summary>Pixels for each unit of the canvas.</summary>
    public float PixelsPerUnit { get; set; } = 1;

    /// <summary>What is under the mouse, in words; null where nothing was said about it.</summary>
    public string? Tip
    {
        get
        {
            if (Pointer is not var (x, y))
                return null;
            for (int i = _tips.Count - 1; i >= 0; i--)
            {
                if (_tips[i].Where.Contains(x, y))
                    return _tips[i].Text;
            }

            return null;
        }
    }

    /// <summary>Starts a picture.</summary>
    public void Begin()
    {
        _tips.Clear();
        Timeline = default;
    }

    /// <summary>Says what is somewhere, for a mouse that rests on it; what is said later lies above.</summary>
    public void Explain(Area where, string text) => _tips.Add((where, text));

    /// <summary>The unit next to a place that lies between two pixels, so that boxes side by side have no seam.</summary>
    public float BetweenPixels(float unit) => MathF.Round(unit * PixelsPerUnit) / PixelsPerUnit;

    /// <summary>Whether the mouse is somewhere.</summary>
    public bool IsOver(Area where) => Pointer is var (x, y) && where.Contains(x, y);
}
