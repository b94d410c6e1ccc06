using System.Globalization;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Modes.Explore;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Scripts;

/// <summary>A script that the demo cannot follow; the message names the line and what is possible.</summary>
internal sealed class ScriptException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// What a user would do, in a file: a line for each deed, <c>TIME DEED …</c>, in their order. A time is in seconds, <c>1.5</c>, or in
/// pictures, <c>45f</c>, and so is how long a key is held; places are in units of a canvas of 1280×720, whatever the size of the picture; <c>#</c> begins a remark.
/// </summary>
/// <param name="Actions">What is done, one after the other.</param>
internal sealed record Script(IReadOnlyList<ScriptAction> Actions)
{
    /// <summary>Pictures in a second of a run without a window, and steps in a second of a drag.</summary>
    public const double FramesPerSecond = 30;

    private const double DragSeconds = 0.5;

    private static readonly Dictionary<string, ConsoleKey> Keys = new(StringComparer.OrdinalIgnoreCase)
    {
        ["space"] = ConsoleKey.Spacebar, ["period"] = ConsoleKey.OemPeriod, ["."] = ConsoleKey.OemPeriod, ["plus"] = ConsoleKey.OemPlus, ["+"] = ConsoleKey.OemPlus,
        ["minus"] = ConsoleKey.OemMinus, ["-"] = ConsoleKey.OemMinus, ["tab"] = ConsoleKey.Tab, ["enter"] = ConsoleKey.Enter, ["esc"] = ConsoleKey.Escape,
        ["delete"] = ConsoleKey.Delete, ["backspace"] = ConsoleKey.Backspace, ["left"] = ConsoleKey.LeftArrow, ["right"] = ConsoleKey.RightArrow, ["up"] = ConsoleKey.UpArrow,
        ["down"] = ConsoleKey.DownArrow, ["home"] = ConsoleKey.Home, ["end"] = ConsoleKey.End, ["pageup"] = ConsoleKey.PageUp, ["pagedown"] = ConsoleKey.PageDown, ["f1"] = ConsoleKey.F1, ["f2"] = ConsoleKey.F2, ["f11"] = ConsoleKey.F11,
    };

    // What each deed is followed by.
    private static readonly Dictionary<string, string> Deeds = new(StringComparer.Ordinal)
    {
        ["key"] = "key NAME", ["hold"] = "hold NAME SECONDS", ["click"] = "click X Y [left|right|middle]", ["drag"] = "drag X Y X Y [SECONDS] [left|right|middle]", ["move"] = "move X Y", ["wheel"] = "wheel X Y STEPS",
        ["mode"] = "mode NAME", ["scene"] = "scene NAME", ["say"] = "say [WORDS]", ["type"] = "type LETTERS", ["drop"] = "drop FILE", ["shot"] = "shot FILE.png", ["clip"] = "clip FILE.mp4", ["quit"] = "quit",
    };

    /// <summary>Reads a file.</summary>
    /// <exception cref="ScriptException">It cannot be read, or a line says nothing that can be done.</exception>
    public static Script Read(string path)
    {
        try
        {
            return Parse(File.ReadAllLines(path), path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ScriptException($"The script cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>Reads lines.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="name">Of the file, for messages.</param>
    /// <exception cref="ScriptException">A line says nothing that can be done.</exception>
    public static Script Parse(IReadOnlyList<string> lines, string name = "script")
    {
        List<ScriptAction> actions = [];
        ScriptTime before = default;
        for (int i = 0; i < lines.Count; i++)
        {
            string line = lines[i].Split('#')[0].Trim();
            if (line.Length == 0)
                continue;
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            string at = $"{name}, line {i + 1}: '{line}'";
            var time = TimeOf(words[0]) ?? throw new ScriptException($"{at} begins with no time; a time is in seconds, 1.5, or in pictures, 45f.");
            if (time.IsFrames == before.IsFrames && time.Amount < before.Amount)
                throw new ScriptException($"{at} is before the line above it; a script goes on from line to line.");
            before = time;
            if (words.Length < 2 || !Deeds.TryGetValue(words[1], out string? usage))
                throw new ScriptException($"{at} says nothing that can be done; possible are: {string.Join(", ", Deeds.Values)}.");
            if (!TryAdd(actions, time, words[1], words[2..]))
                throw new ScriptException($"{at} is not possible; it is: TIME {usage}{MoreAbout(words[1])}.");
        }

        return new Script(actions);
    }

    private static string MoreAbout(string deed) => deed switch
    {
        "mode" => $", one of: {string.Join(", ", ModeList.Names)}",
        "scene" => $", one of: {string.Join(", ", ExploreMode.SceneNames)}",
        "key" or "hold" => $", a letter, a digit, or one of: {string.Join(", ", Keys.Keys)}",
        _ => "",
    };

    private static bool TryAdd(List<ScriptAction> actions, ScriptTime time, string deed, string[] words)
    {
        switch (deed)
        {
            case "key" when words is [var key] && KeyOf(key) is { } named:
                actions.Add(new ScriptAction.Key(time, new KeyPress(named, default, IsRepeat: false)));
                return true;
            case "hold" when words is [var held, var span] && KeyOf(held) is { } down && TimeOf(span) is { Amount: > 0 } forHowLong:
                actions.Add(new ScriptAction.Hold(time, down));
                actions.Add(new ScriptAction.Release(time.After(forHowLong, FramesPerSecond), down));
                return true;
            case "type" when words.Length > 0:
                actions.Add(new ScriptAction.Type(time, string.Join(' ', words)));
                return true;
            case "mode" when words is [var mode] && ModeList.Names.Contains(mode):
                actions.Add(new ScriptAction.Mode(time, mode));
                return true;
            case "scene" when words is [var scene] && ExploreMode.SceneNames.Contains(scene):
                actions.Add(new ScriptAction.Scene(time, scene));
                return true;
            case "say":
                actions.Add(new ScriptAction.Say(time, string.Join(' ', words)));
                return true;
            case "drop" when words.Length > 0:
                actions.Add(new ScriptAction.Drop(time, string.Join(' ', words)));
                return true;
            case "shot" when words.Length > 0 && words[^1].EndsWith(".png", StringComparison.OrdinalIgnoreCase):
                actions.Add(new ScriptAction.Shot(time, string.Join(' ', words)));
                return true;
            case "clip" when words.Length > 0 && Path.GetExtension(words[^1]).ToLowerInvariant() is ".mp4" or ".gif":
                actions.Add(new ScriptAction.Clip(time, string.Join(' ', words)));
                return true;
            case "quit" when words.Length == 0:
                actions.Add(new ScriptAction.Quit(time));
                return true;
            case "move" when Numbers(words) is [var x, var y]:
                actions.Add(new ScriptAction.Pointer(time, new PointerEvent(PointerAction.Moved, x, y)));
                return true;
            case "wheel" when Numbers(words) is [var x, var y, var steps]:
                actions.Add(new ScriptAction.Pointer(time, new PointerEvent(PointerAction.Scrolled, x, y, Wheel: steps)));
                return true;
            case "click" or "drag":
                var button = words.Length > 0 ? ButtonOf(words[^1]) : null;
                return TryPress(actions, time, deed, Numbers(button == null ? words : words[..^1]), button ?? PointerButton.Left);
            default:
                return false;
        }
    }

    private static bool TryPress(List<ScriptAction> actions, ScriptTime time, string deed, float[]? numbers, PointerButton button)
    {
        if (deed == "click" && numbers is [var x, var y])
        {
            Add(0, PointerAction.Moved, x, y);
            Add(0, PointerAction.Pressed, x, y);
            Add(0, PointerAction.Released, x, y);
            return true;
        }

        if (deed != "drag" || numbers is not ([_, _, _, _] or [_, _, _, _, > 0]))
            return false;
        double seconds = numbers.Length == 5 ? numbers[4] : DragSeconds;
        int steps = Math.Max((int)Math.Round(seconds * FramesPerSecond), 1);
        Add(0, PointerAction.Moved, numbers[0], numbers[1]);
        Add(0, PointerAction.Pressed, numbers[0], numbers[1]);
        for (int i = 1; i <= steps; i++)
        {
            float part = (float)i / steps;
            Add(i, PointerAction.Moved, numbers[0] + ((numbers[2] - numbers[0]) * part), numbers[1] + ((numbers[3] - numbers[1]) * part));
        }

        Add(steps, PointerAction.Released, numbers[2], numbers[3]);
        return true;

        void Add(int step, PointerAction action, float atX, float atY) => actions.Add(new ScriptAction.Pointer(
            time with { Amount = time.Amount + (time.IsFrames ? step : step / FramesPerSecond) }, new PointerEvent(action, atX, atY, action == PointerAction.Moved ? PointerButton.None : button)));
    }

    private static ScriptTime? TimeOf(string word)
    {
        bool isFrames = word.EndsWith('f');
        return double.TryParse(isFrames ? word[..^1] : word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double amount) && double.IsFinite(amount) ? new ScriptTime(amount, isFrames) : null;
    }

    private static ConsoleKey? KeyOf(string word)
    {
        if (word.Length == 1 && char.IsAsciiLetter(word[0]))
            return ConsoleKey.A + (char.ToUpperInvariant(word[0]) - 'A');
        if (word.Length == 1 && char.IsAsciiDigit(word[0]))
            return ConsoleKey.D0 + (word[0] - '0');
        return Keys.TryGetValue(word, out var key) ? key : null;
    }

    private static PointerButton? ButtonOf(string word) => word switch
    {
        "left" => PointerButton.Left,
        "right" => PointerButton.Right,
        "middle" => PointerButton.Middle,
        _ => null,
    };

    private static float[]? Numbers(string[] words)
    {
        float[] numbers = new float[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            if (!float.TryParse(words[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !float.IsFinite(numbers[i]))
                return null;
        }

        return numbers;
    }
}
