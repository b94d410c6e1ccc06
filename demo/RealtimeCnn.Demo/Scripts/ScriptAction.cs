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
}

/// <summary>Something that a script does.</summary>
/// <param name="Time">When.</param>
internal abstract record ScriptAction(ScriptTime Time)
{
    /// <summary>A key is pressed.</summary>
    internal sealed record Key(ScriptTime Time, KeyPress Press) : ScriptAction(Time);

    /// <summary>The mouse does something, in units of a canvas of 1280×720.</summary>
    internal sealed record Pointer(ScriptTime Time, PointerEvent Used) : ScriptAction(Time);

    /// <summary>A mode is chosen.</summary>
    internal sealed record Mode(ScriptTime Time, string Name) : ScriptAction(Time);

    /// <summary>A file is dropped on the window.</summary>
    internal sealed record Drop(ScriptTime Time, string Path) : ScriptAction(Time);

    /// <summary>What is shown is saved.</summary>
    internal sealed record Shot(ScriptTime Time, string Path) : ScriptAction(Time);

    /// <summary>The last seconds of what is shown are saved.</summary>
    internal sealed record Clip(ScriptTime Time, string Path) : ScriptAction(Time);

    /// <summary>The end.</summary>
    internal sealed record Quit(ScriptTime Time) : ScriptAction(Time);
}
