using System.Buffers;
using System.Text;
using System.Text.Json;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Studio.Watching;

/// <summary>Reads what a page says its visitor did, and does it; what it holds down when it goes is let go.</summary>
/// <param name="shared">Where the demo is.</param>
internal sealed class PageInput(SharedState shared)
{
    private const float MostWheel = 10;
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 4 };
    private readonly HashSet<ConsoleKey> _held = [];
    private PointerEvent? _pressed;

    /// <summary>Does what a message says.</summary>
    /// <param name="message">JSON: <c>do</c> with <c>drawn</c>, <c>key</c>, <c>type</c>, <c>point</c> or <c>mode</c>, and what belongs to it.</param>
    /// <returns>Whether it says that a picture was drawn.</returns>
    /// <exception cref="StudioException">It says nothing that can be done.</exception>
    public bool Do(ReadOnlyMemory<byte> message)
    {
        using var document = Parse(message);
        var said = document.RootElement;
        string what = Text(said, "do");
        // Between two demos there is nothing to be done.
        if (what == "drawn" || shared.Demo is not { } demo)
            return what == "drawn";
        switch (what)
        {
            case "key":
                Press(demo, said);
                break;
            case "type":
                demo.Type(Letter(said));
                break;
            case "point":
                Point(demo, said);
                break;
            case "mode":
                demo.Choose(Text(said, "name"));
                break;
            default:
                throw new StudioException($"'{Short(what)}' cannot be done; there are drawn, key, type, point and mode.");
        }

        return false;
    }

    /// <summary>Lets go of what is still held.</summary>
    public void LetGo()
    {
        if (shared.Demo is not { } demo)
            return;
        try
        {
            foreach (var key in _held)
                demo.Press(new KeyPress(key, 0, IsRepeat: false), isDown: false);
            if (_pressed is { } pressed)
                demo.Point(pressed with { Action = PointerAction.Released });
        }
        catch (StudioException)
        {
            // Who has flooded the demo may leave a key behind: the next press of it goes up again.
        }
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> message)
    {
        try
        {
            return JsonDocument.Parse(message, Json);
        }
        catch (JsonException problem)
        {
            throw new StudioException($"A message is JSON; this is none: {problem.Message}");
        }
    }

    private void Press(RunningDemo demo, JsonElement said)
    {
        string name = Text(said, "key");
        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || !Enum.TryParse<ConsoleKey>(name, ignoreCase: false, out var key) || !Enum.IsDefined(key))
            throw new StudioException($"There is no key '{Short(name)}'; keys have the names of .NET's ConsoleKey.");
        bool isDown = Flag(said, "down");
        demo.Press(new KeyPress(key, Flag(said, "shift") ? ConsoleModifiers.Shift : 0, IsRepeat: isDown && _held.Contains(key)), isDown);
        if (isDown)
            _held.Add(key);
        else
            _held.Remove(key);
    }

    private void Point(RunningDemo demo, JsonElement said)
    {
        var size = demo.Size;
        var used = new PointerEvent(
            Word<PointerAction>(said, "action"), Number(said, "x", -size.Width, 2 * size.Width), Number(said, "y", -size.Height, 2 * size.Height),
            said.TryGetProperty("button", out _) ? Word<PointerButton>(said, "button") : PointerButton.None, said.TryGetProperty("wheel", out _) ? Number(said, "wheel", -MostWheel, MostWheel) : 0);
        demo.Point(used);
        if (used.Action == PointerAction.Pressed)
            _pressed = used;
        else if (used.Action == PointerAction.Released)
            _pressed = null;
        else if (_pressed is { } pressed)
            _pressed = pressed with { X = used.X, Y = used.Y };
    }

    private static string Text(JsonElement said, string name)
    {
        try
        {
            if (said.ValueKind == JsonValueKind.Object && said.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
                return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a letter: JSON can escape one, and no text has one.
        }

        throw new StudioException($"A message is an object with a text '{name}'.");
    }

    private static Rune Letter(JsonElement said)
    {
        string text = Text(said, "letter");
        return Rune.DecodeFromUtf16(text, out var letter, out int length) == OperationStatus.Done && length == text.Length
            ? letter : throw new StudioException($"'{Short(text)}' is not one letter.");
    }

    private static bool Flag(JsonElement said, string name) => said.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static float Number(JsonElement said, string name, float least, float most) =>
        said.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number) && float.IsFinite(number)
            ? Math.Clamp(number, least, most) : throw new StudioException($"'{name}' is missing, or no number.");

    private static T Word<T>(JsonElement said, string name)
        where T : struct, Enum
    {
        string text = Text(said, name);
        foreach (var value in Enum.GetValues<T>())
        {
            if (text.Equals(value.ToString(), StringComparison.OrdinalIgnoreCase))
                return value;
        }

        throw new StudioException($"'{name}' is one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}, and not '{Short(text)}'.");
    }

    private static string Short(string text) => text.Length <= 40 ? text : $"{text[..40]}…";
}
