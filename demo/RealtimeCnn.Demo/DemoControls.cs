using System.Text;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Modes.Explore;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Recordings;
using RealtimeCnn.Demo.Scripts;
using RealtimeCnn.Demo.Tours;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo;

/// <summary>What the user has chosen so far, and what keys and mouse choose. Knows no window: keys and mouse go in, state comes out.</summary>
internal sealed class DemoControls
{
    private static readonly TimeSpan SeekStep = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HintFor = TimeSpan.FromSeconds(9), NoticeFor = TimeSpan.FromSeconds(7), TipAfter = TimeSpan.FromSeconds(0.35), TipUntil = TimeSpan.FromSeconds(6);
    private readonly ModeList _modes;
    private int _mode;
    private float _scale = 1, _width = 1280;
    private bool _step;
    private int _steps;
    private int _turns;
    private TimeSpan? _seek;
    private bool _isSeeking;
    private bool _screenshot, _clip;
    private ScriptPlayer? _tour;
    private TimeSpan _tourBegan;
    private bool _tourActs;
    private bool _isUsed, _works, _isPressed;
    private TimeSpan _enteredAt, _noticedAt, _restsSince;
    private string? _notice;

    /// <param name="modes">The ways to play.</param>
    /// <param name="mode">The name of the one to begin with.</param>
    public DemoControls(ModeList modes, string mode)
    {
        _modes = modes;
        Keys = CommonKeys();
        Enter(mode);
        HasChosen = false;
    }

    /// <summary>Whether the user has chosen a mode since the start.</summary>
    public bool HasChosen { get; private set; }

    /// <summary>The modes, in the order of their number keys.</summary>
    public IReadOnlyList<Mode> Modes => _modes.All;

    /// <summary>What is shown.</summary>
    public Mode Mode => Modes[_mode];

    /// <summary>The keys of all modes.</summary>
    public IReadOnlyList<KeyBinding> Keys { get; }

    /// <summary>Told what is done to the demo; null while nothing is recorded.</summary>
    public RunRecorder? Recorder { get; set; }

    /// <summary>Time and mouse, for what is drawn.</summary>
    public Surroundings Around { get; } = new();

    /// <summary>Whether the picture stands still.</summary>
    public bool Paused { get; private set; }

    /// <summary>Whether the help is shown.</summary>
    public bool ShowsHelp { get; private set; }

    /// <summary>Whether the times of frames are shown, one by one.</summary>
    public bool ShowsTimes { get; private set; }

    /// <summary>Whether the window is to fill the monitor.</summary>
    public bool WantsFullscreen { get; set; }

    /// <summary>Whether the video is to go on at another time.</summary>
    public bool WantsToSeek => _seek != null;

    /// <summary>Whether the user has had enough.</summary>
    public bool WantsToQuit { get; private set; }

    /// <summary>What the user should read now: a notice, or what to do first; null for nothing.</summary>
    public string? Message => _notice ?? (!_isUsed && Around.Now - _enteredAt < HintFor ? Mode.Hint : null);

    /// <summary>What a script says about what it shows; null for nothing.</summary>
    public string? Caption { get; set; }

    /// <summary>Whether the guided tour is played.</summary>
    public bool IsTouring => _tour != null;

    /// <summary>What is under a mouse that has come to rest; null where it moves, works, has rested for long, or nothing is to be said.</summary>
    public string? Tip => !_works && Around.Now - _restsSince >= TipAfter && Around.Now - _restsSince < TipUntil ? Around.Tip : null;

    /// <summary>Says something on the screen for a while.</summary>
    public void Say(string text) => (_notice, _noticedAt) = (text, Around.Now);

    /// <summary>Takes a mode.</summary>
    /// <param name="name">One of the modes'.</param>
    public void Choose(string name)
    {
        Log?.Chose(name);
        Enter(name);
    }

    /// <summary>Takes the mode explore, and a scene of it.</summary>
    /// <param name="name">One of the scenes'.</param>
    public void ChooseScene(string name)
    {
        var explore = Modes.OfType<ExploreMode>().Single();
        Log?.ChoseScene(name);
        explore.Choose(name);
        Enter(explore.Name);
    }

    /// <summary>Begins the guided tour, for which all modes begin anew. Keys and clicks end it.</summary>
    public void StartTour()
    {
        for (int i = 0; i < Modes.Count; i++)
            Modes[i].Reset();
        (_tour, _tourBegan, Paused, ShowsHelp, _notice) = (new ScriptPlayer(Tour.Script), Around.Now, false, false, null);
    }

    /// <summary>The time has come to this.</summary>
    /// <returns>Whether there is something new to draw.</returns>
    public bool Advance(TimeSpan now)
    {
        var (message, tip) = (Message, Tip);
        Around.Now = now;
        if (Recorder is { } recorder)
            recorder.Now = now;
        bool toured = GoOnTour();
        if (_notice != null && now - _noticedAt >= NoticeFor)
            _notice = null;
        // A mode that keeps its picture has nothing to pause.
        bool changed = (!Paused || Mode.IsFrozen || Mode.GoesOnInPause) && Mode.Advance(now);
        return changed || toured || !ReferenceEquals(message, Message) || !ReferenceEquals(tip, Tip);
    }

    /// <summary>Handles a key.</summary>
    /// <returns>Whether it means something.</returns>
    public bool Press(KeyPress press)
    {
        Log?.Pressed(press);
        if (EndTour())
            return true;
        if (Mode.IsTyping)
        {
            Mode.Edit(press.Key);
            return true;
        }

        if (KeyBinding.Press(Mode.Keys, press.Key))
        {
            _isUsed = true;
            return true;
        }

        if (press is not { Key: ConsoleKey.Tab, Modifiers: ConsoleModifiers.Shift })
            return KeyBinding.Press(Keys, press.Key);
        Enter(Modes[(_mode + Modes.Count - 1) % Modes.Count].Name);
        return true;
    }

    /// <summary>Handles a letter that was typed.</summary>
    /// <returns>Whether it means something.</returns>
    public bool Type(Rune letter)
    {
        Log?.Typed(letter);
        bool isText = Mode.IsTyping && (!IsTouring || _tourActs);
        if (isText)
            Mode.Type(letter);
        return isText;
    }

    /// <summary>Handles a key that goes up.</summary>
    public void Release(ConsoleKey key)
    {
        Log?.Released(key);
        Mode.Release(key);
    }

    /// <summary>Handles the mouse.</summary>
    /// <param name="used">What was done, in pixels of the picture.</param>
    public void Point(PointerEvent used) => PointAt(used with { X = used.X / _scale, Y = used.Y / _scale });

    /// <summary>Handles the mouse.</summary>
    /// <param name="used">What was done, in units of the canvas.</param>
    public void PointAt(PointerEvent used)
    {
        Log?.Pointed(used);
        // A mouse that is only moved may have been pushed.
        if (used.Action is PointerAction.Pressed or PointerAction.Scrolled && EndTour())
            return;
        if (IsTouring && !_tourActs)
            return;
        Around.Pointer = used.Action == PointerAction.Left ? null : (used.X, used.Y);
        _restsSince = Around.Now;
        // Who presses something knows it; a move after that may be a question again.
        _works = used.Action is not (PointerAction.Moved or PointerAction.Left) || (_works && used.Action == PointerAction.Moved && _isPressed);
        _isPressed = used.Action == PointerAction.Pressed || (_isPressed && used.Action != PointerAction.Released);
        if (used.Action == PointerAction.Pressed)
        {
            if (ShowsHelp)
            {
                ShowsHelp = false;
                return;
            }

            if (TabBar.At(Modes, Mode, _width, used.X, used.Y) is { } mode)
            {
                Enter(mode.Name);
                return;
            }

            _isSeeking = used.Button == PointerButton.Left && Around.Timeline.Contains(used.X, used.Y);
        }

        if (_isSeeking)
        {
            SeekTo(used);
            return;
        }

        _isUsed |= Mode.Point(used) && used.Action == PointerAction.Pressed;
    }

    /// <summary>The user has had enough.</summary>
    public void Quit() => WantsToQuit = true;

    /// <summary>Handles files that were dropped: a model is shown by the mode that shows any.</summary>
    public void Drop(IReadOnlyList<string> paths)
    {
        Log?.Dropped(paths);
        EndTour();
        if (Mode.Drop(paths) is { } said)
        {
            Say(said);
            return;
        }

        for (int i = 0; i < Modes.Count; i++)
        {
            if (Modes[i].Drop(paths) is not { } answer)
                continue;
            Enter(Modes[i].Name);
            Say(answer);
            return;
        }
    }

    /// <summary>Learns how large a unit is drawn.</summary>
    /// <param name="pixelsPerUnit">Pixels in a unit.</param>
    /// <param name="width">Of the picture, in units.</param>
    public void DrawnAt(float pixelsPerUnit, float width) => (_scale, Around.PixelsPerUnit, _width) = (pixelsPerUnit, pixelsPerUnit, width);

    /// <summary>Learns what the source shows.</summary>
    public void Suit(PictureContent content)
    {
        Recorder?.Suited(Mode.Name, content);
        Mode.Suit(content);
    }

    /// <summary>Steps since the last call: frames wanted in a pause, one for each press.</summary>
    public int TakeSteps()
    {
        int steps = _steps;
        _steps = 0;
        return steps;
    }

    /// <summary>Pictures of a folder to turn over since the last call; below 0 backwards.</summary>
    public int TakeTurns()
    {
        int turns = _turns;
        _turns = 0;
        return turns;
    }

    /// <summary>The time at which a video is to go on, once for each wish; null for none.</summary>
    public TimeSpan? TakeSeek()
    {
        var time = _seek;
        _seek = null;
        return time;
    }

    /// <summary>Of a source that cannot be held: whether a frame is wanted now. Always, but for a pause, and then once for each step.</summary>
    public bool TakeFrameWish()
    {
        bool wanted = !Paused || _step;
        _step = false;
        return wanted;
    }

    /// <summary>Gives back a step that found no frame yet.</summary>
    public void KeepFrameWish() => _step = Paused;

    /// <summary>Whether a picture is to be saved; once for each wish.</summary>
    public bool TakeScreenshotWish()
    {
        bool wanted = _screenshot;
        _screenshot = false;
        return wanted;
    }

    /// <summary>Whether a clip is to be saved; once for each wish.</summary>
    public bool TakeClipWish()
    {
        bool wanted = _clip;
        _clip = false;
        return wanted;
    }

    // What the tour does, it does again by itself.
    private RunRecorder? Log => _tourActs ? null : Recorder;

    private void Enter(string name)
    {
        // What was held there is held no more.
        Mode.Leave();
        _mode = Math.Max(Modes.Select(mode => mode.Name).ToList().IndexOf(name), 0);
        (_enteredAt, _isUsed, HasChosen) = (Around.Now, false, true);
        Mode.Enter();
    }

    private KeyBinding[] CommonKeys() =>
    [
        new("number keys, Tab", "choose a mode", [.. Enumerable.Range(0, Modes.Count).Select(TabBar.KeyOf), ConsoleKey.Tab], ChooseByKey),
        new("Space", "pause and go on", [ConsoleKey.Spacebar], _ => Paused = !Paused),
        new(".", "pause and step to the next frame", [ConsoleKey.OemPeriod], _ => Step()),
        new("arrows, PgUp PgDn", "the picture before and the next one of a folder; left, right: five seconds of a video", [ConsoleKey.PageUp, ConsoleKey.PageDown, ConsoleKey.LeftArrow, ConsoleKey.RightArrow, ConsoleKey.UpArrow, ConsoleKey.DownArrow], Turn),
        new("Home, End", "the first and the last picture of a video", [ConsoleKey.Home, ConsoleKey.End], key => Seek(key == ConsoleKey.Home ? TimeSpan.MinValue : TimeSpan.MaxValue)),
        new("X", "show the picture as in a mirror, or not", [ConsoleKey.X], _ => Around.IsMirrored = !Around.IsMirrored),
        new("F, F11", "fill the screen, or not", [ConsoleKey.F, ConsoleKey.F11], _ => WantsFullscreen = !WantsFullscreen, IsOfWindow: true),
        new("B", "show and hide where the time goes", [ConsoleKey.B], _ => ShowsTimes = !ShowsTimes),
        new("G", "the guided tour of three minutes; any key ends it", [ConsoleKey.G], _ => StartTour()),
        new("C", "save what is shown as a PNG file", [ConsoleKey.C], _ => _screenshot = true, IsOfWindow: true),
        new("V", "save the last ten seconds of the screen as a video", [ConsoleKey.V], _ => _clip = true, IsOfWindow: true),
        new("H, F1", "show and hide this help", [ConsoleKey.H, ConsoleKey.F1], _ => ShowsHelp = !ShowsHelp),
        new("Q, Esc", "quit", [ConsoleKey.Q, ConsoleKey.Escape], Leave, IsOfWindow: true),
    ];

    private bool GoOnTour()
    {
        if (_tour is not { } tour)
            return false;
        _tourActs = true;
        bool acted = tour.Play(Around.Now - _tourBegan, 0, this);
        _tourActs = false;
        if (tour.IsOver)
            EndTour();
        return acted;
    }

    // By the user, or at its end; not by what the tour itself does.
    private bool EndTour()
    {
        if (!IsTouring || _tourActs)
            return false;
        (_tour, Caption, Around.Pointer) = (null, null, null);
        return true;
    }

    private void Step()
    {
        Paused = _step = true;
        _steps++;
    }

    private void Turn(ConsoleKey key)
    {
        _turns += key is ConsoleKey.PageDown or ConsoleKey.RightArrow or ConsoleKey.DownArrow ? 1 : -1;
        if (key is ConsoleKey.LeftArrow or ConsoleKey.RightArrow && Around.Position is { } position)
            Seek(position.At + (key == ConsoleKey.LeftArrow ? -SeekStep : SeekStep));
    }

    private void SeekTo(in PointerEvent used)
    {
        if (used.Action is PointerAction.Pressed or PointerAction.Moved && Around.Position is { Length: { } length })
            Seek(length * Math.Clamp((used.X - Around.Timeline.X) / Math.Max(Around.Timeline.Width, 1), 0, 1));
        _isSeeking &= used.Action is not (PointerAction.Released or PointerAction.Left);
    }

    // The bar is there at once, and what is pressed next counts from there.
    private void Seek(TimeSpan time)
    {
        if (Mode.HasOwnPictures || Around.Position is not { } position)
            return;
        if (position.Length is not { } length)
        {
            Say("This video does not say how long it is, so that it cannot be entered in its middle.");
            return;
        }

        _seek = time < TimeSpan.Zero ? TimeSpan.Zero : time < length ? time : length;
        Around.Position = position with { At = _seek.Value };
    }

    private void ChooseByKey(ConsoleKey key) => Enter(Modes[key == ConsoleKey.Tab ? (_mode + 1) % Modes.Count : (key - ConsoleKey.D0 + 9) % 10].Name);

    // Escape first leaves what lies above the picture.
    private void Leave(ConsoleKey key)
    {
        if (key == ConsoleKey.Escape && (ShowsHelp || WantsFullscreen))
            (ShowsHelp, WantsFullscreen) = (false, ShowsHelp && WantsFullscreen);
        else
            Quit();
    }
}
