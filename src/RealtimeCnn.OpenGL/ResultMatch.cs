namespace RealtimeCnn.OpenGL;

/// <summary>Which picture is drawn with the newest result.</summary>
public enum ResultMatch
{
    /// <summary>The one that the result belongs to: what is drawn on it always fits, and the picture comes as late, and as rarely, as results do.</summary>
    ExactMatch,

    /// <summary>The newest one, as soon as it is there: the picture is as live as its source, and what is drawn on it lags behind.</summary>
    LowestLatency,
}
