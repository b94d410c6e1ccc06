using System.Text;
using RealtimeCnn.OpenGL.Hosts;
using Silk.NET.Input;

namespace RealtimeCnn.Silk;

/// <summary>What is typed on the keyboards of an input context, in our terms. Listens until disposal; the context stays its owner's.</summary>
internal sealed class SilkKeyboard : IDisposable
{
    private readonly IInputContext _input;
    private readonly Action<KeyPress> _pressed;
    private readonly Action<ConsoleKey> _released;
    private readonly Action<Rune> _typed;
    private readonly HashSet<Key> _held = [];
    private char? _highSurrogate;

    /// <summary>Begins to listen.</summary>
    /// <param name="input">The keyboards.</param>
    /// <param name="pressed">Told of each key that goes down or repeats.</param>
    /// <param name="released">Told of each key that goes up.</param>
    /// <param name="typed">Told of each character.</param>
    public SilkKeyboard(IInputContext input, Action<KeyPress> pressed, Action<ConsoleKey> released, Action<Rune> typed)
    {
        (_input, _pressed, _released, _typed) = (input, pressed, released, typed);
        foreach (var keyboard in input.Keyboards)
        {
            keyboard.KeyDown += OnKeyDown;
            keyboard.KeyUp += OnKeyUp;
            keyboard.KeyChar += OnCharacter;
        }
    }

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        foreach (var keyboard in _input.Keyboards)
        {
            keyboard.KeyDown -= OnKeyDown;
            keyboard.KeyUp -= OnKeyUp;
            keyboard.KeyChar -= OnCharacter;
        }
    }

    private static ConsoleModifiers Modifiers(IKeyboard keyboard)
    {
        ConsoleModifiers Held(ConsoleModifiers modifier, Key left, Key right) => keyboard.IsKeyPressed(left) || keyboard.IsKeyPressed(right) ? modifier : 0;
        return Held(ConsoleModifiers.Shift, Key.ShiftLeft, Key.ShiftRight)
            | Held(ConsoleModifiers.Control, Key.ControlLeft, Key.ControlRight)
            | Held(ConsoleModifiers.Alt, Key.AltLeft, Key.AltRight);
    }

    // Silk.NET's keys have GLFW's numbers.
    private void OnKeyDown(IKeyboard keyboard, Key key, int scanCode)
    {
        bool repeats = !_held.Add(key);
        if (GlfwKeys.From((int)key) is { } named)
            _pressed(new KeyPress(named, Modifiers(keyboard), repeats));
    }

    private void OnKeyUp(IKeyboard keyboard, Key key, int scanCode)
    {
        _held.Remove(key);
        if (GlfwKeys.From((int)key) is { } named)
            _released(named);
    }

    // Characters beyond the first plane come as two.
    private void OnCharacter(IKeyboard keyboard, char character)
    {
        if (char.IsHighSurrogate(character))
        {
            _highSurrogate = character;
            return;
        }

        var rune = default(Rune);
        bool whole = _highSurrogate is { } high ? Rune.TryCreate(high, character, out rune) : Rune.TryCreate(character, out rune);
        _highSurrogate = null;
        if (whole)
            _typed(rune);
    }
}
