using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Scripts;

/// <summary>When something is to happen: after so many seconds, or so many pictures.</summary>
/// <param name="Amount">How many.</param>
/// <param name="IsFrames">Whether pictures are counted.</param>
internal readonly record struct ScriptTime(double Amount, bool IsFrames)
{
    /// <summary>Whether it has come.</summary>
    /// <param name="now">Time since the start.</param>
    /// <param name="frames">Pictures since the start.</param>
    public bool IsDue(TimeSpan now, long frames) => IsFrames ? frames >= Amount : now.TotalSeconds >= Amount - 1e-9;

    /// <summary>A time so much later, counted as this one is.</summary>
    /// <param name="span">How much, counted in either way.</param>
    /// <param name="framesPerSecond">Pictures in a second.</param>
    public ScriptTime After(ScriptTime span, double framesPerSecond) =>
        this with { Amount = Amount + (span.IsFrames == IsFrames ? span.Amount : IsFrames ? span.Amount * framesPerSecond : span.Amount / framesPerSecond) };
}

/// <summary>Something that a script does.</summary>
/// <param name="Time">When.</param>
internal abstract record ScriptAction(ScriptTime Time)
{
    /// <summary>A key is pressed and let go.</summary>
    internal sealed record Key(ScriptTime Time, KeyPress Press) : ScriptAction(Time);

    /// <summary>A key goes down, and stays there.</summary>
    internal sealed record Hold(ScriptTime Time, ConsoleKey Named) : ScriptAction(Time);

    /// <summary>A key goes up.</summary>
    internal sealed record Release(ScriptTime Time, ConsoleKey Named) : ScriptAction(Time);

    /// <summary>Letters are typed.</summary>
    internal sealed record Type(ScriptTime Time, string Text) : ScriptAction(Time);

    /// <summary>The mouse does something, in units of a canvas of 1280×720.</summary>
    internal sealed record Pointer(ScriptTime Time, PointerEvent Used) : ScriptAction(Time);

    /// <summary>A mode is chosen.</summary>
    internal sealed record Mode(ScriptTime Time, string Name) : ScriptAction(Time);

    /// <summary>A scene of the mode explore is chosen.</summary>
    internal sealed record Scene(ScriptTime Time, string Name) : ScriptAction(Time);

    /// <summary>Something is said below the picture; nothing for no caption.</summary>
    internal sealed record Say(ScriptTime Time, string Text) : ScriptAction(Time);

    /// <summary>A file is dropped on the window.</summary>
    internal sealed record Drop(ScriptTime Time, string Path) : ScriptAction(Time);

    /// <summary>What is shown is saved.</summary>
    internal sealed record Shot(ScriptTime Time, string Path) : ScriptAction(Time);

    /// <summary>The last seconds of what is shown are saved.</summary>
    internal sealed record Clip(ScriptTime Time, string Path) : ScriptAction(Time);

    /// <summary>The end.</summary>
    internal sealed record Quit(ScriptTime Time) : ScriptAction(Time);
}
