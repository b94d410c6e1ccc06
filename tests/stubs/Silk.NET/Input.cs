using System.Numerics;
using Silk.NET.Windowing;

namespace Silk.NET.Input;

public enum Key
{
    Unknown = -1,
    Space = 32,
    A = 65,
    Escape = 256,
    ShiftLeft = 340,
    ControlLeft = 341,
    AltLeft = 342,
    ShiftRight = 344,
    ControlRight = 345,
    AltRight = 346,
}

public interface IInputDevice
{
    string Name { get; }

    int Index { get; }

    bool IsConnected { get; }
}

public interface IKeyboard : IInputDevice
{
    event Action<IKeyboard, Key, int>? KeyDown;

    event Action<IKeyboard, Key, int>? KeyUp;

    event Action<IKeyboard, char>? KeyChar;

    bool IsKeyPressed(Key key);
}

public enum MouseButton
{
    Unknown = -1,
    Left,
    Right,
    Middle,
    Button4,
}

public readonly struct ScrollWheel(float x, float y)
{
    public float X { get; } = x;

    public float Y { get; } = y;
}

public interface IMouse : IInputDevice
{
    event Action<IMouse, MouseButton>? MouseDown;

    event Action<IMouse, MouseButton>? MouseUp;

    event Action<IMouse, Vector2>? MouseMove;

    event Action<IMouse, ScrollWheel>? Scroll;

    Vector2 Position { get; set; }
}

public interface IInputContext : IDisposable
{
    IReadOnlyList<IMouse> Mice { get; }

    IReadOnlyList<IKeyboard> Keyboards { get; }
}

public static class InputWindowExtensions
{
    public static IInputContext CreateInput(this IView view)
    {
        var window = (StubWindow)view;
        window.InputsMade++;
        return new StubInput(window.Keyboard, window.Mouse);
    }
}
