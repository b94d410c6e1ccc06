using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Scripts;

/// <summary>Does what a script says when its time has come.</summary>
/// <param name="script">The script; null for a run without one.</param>
internal sealed class ScriptPlayer(Script? script)
{
    private readonly Queue<string> _shots = new(), _clips = new();
    private int _next;

    /// <summary>Whether there is a script, and all of it was done.</summary>
    public bool IsOver => script != null && _next == script.Actions.Count;

    /// <summary>Does what is due.</summary>
    /// <param name="now">Time since the start.</param>
    /// <param name="frames">Pictures since the start.</param>
    /// <param name="controls">To which it is done.</param>
    /// <returns>Whether there was something.</returns>
    public bool Play(TimeSpan now, long frames, DemoControls controls)
    {
        int before = _next;
        for (; script != null && _next < script.Actions.Count && script.Actions[_next].Time.IsDue(now, frames); _next++)
            Do(script.Actions[_next], controls);
        return _next > before;
    }

    /// <summary>A file that what is shown now is to be saved in; null for none.</summary>
    public string? TakeShot() => _shots.TryDequeue(out string? path) ? path : null;

    /// <summary>A file that the last seconds are to be saved in; null for none.</summary>
    public string? TakeClip() => _clips.TryDequeue(out string? path) ? path : null;

    private void Do(ScriptAction action, DemoControls controls)
    {
        switch (action)
        {
            case ScriptAction.Key key:
                controls.Press(key.Press);
                controls.Release(key.Press.Key);
                break;
            case ScriptAction.Hold hold:
                controls.Press(new KeyPress(hold.Named, default, IsRepeat: false));
                break;
            case ScriptAction.Release release:
                controls.Release(release.Named);
                break;
            case ScriptAction.Type type:
                foreach (var letter in type.Text.EnumerateRunes())
                    controls.Type(letter);
                break;
            case ScriptAction.Pointer pointer:
                controls.PointAt(pointer.Used);
                break;
            case ScriptAction.Mode mode:
                controls.Choose(mode.Name);
                break;
            case ScriptAction.Scene scene:
                controls.ChooseScene(scene.Name);
                break;
            case ScriptAction.Say say:
                controls.Caption = say.Text.Length > 0 ? say.Text : null;
                break;
            case ScriptAction.Drop drop:
                controls.Drop([drop.Path]);
                break;
            case ScriptAction.Shot shot:
                _shots.Enqueue(shot.Path);
                break;
            case ScriptAction.Clip clip:
                _clips.Enqueue(clip.Path);
                break;
            default:
                controls.Quit();
                break;
        }
    }
}
