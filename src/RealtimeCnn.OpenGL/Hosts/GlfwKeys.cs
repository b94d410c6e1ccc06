namespace RealtimeCnn.OpenGL.Hosts;

/// <summary>A key that went down, or repeats while it is held.</summary>
/// <param name="Key">Which, by its place on a US keyboard.</param>
/// <param name="Modifiers">What was held with it.</param>
/// <param name="IsRepeat">Whether it was down already.</param>
public readonly record struct KeyPress(ConsoleKey Key, ConsoleModifiers Modifiers, bool IsRepeat);

/// <summary>GLFW's key numbers, which Silk.NET and others share, as the names that .NET has for keys.</summary>
public static class GlfwKeys
{
    /// <summary>The key, or null where .NET has no name for it.</summary>
    /// <param name="glfwKey">Such as 256, <c>GLFW_KEY_ESCAPE</c>.</param>
    public static ConsoleKey? From(int glfwKey) => glfwKey switch
    {
        >= 'A' and <= 'Z' => ConsoleKey.A + (glfwKey - 'A'),
        >= '0' and <= '9' => ConsoleKey.D0 + (glfwKey - '0'),
        >= 290 and <= 301 => ConsoleKey.F1 + (glfwKey - 290),
        >= 320 and <= 329 => ConsoleKey.NumPad0 + (glfwKey - 320),
        32 => ConsoleKey.Spacebar,
        44 => ConsoleKey.OemComma,
        45 => ConsoleKey.OemMinus,
        46 => ConsoleKey.OemPeriod,
        47 => ConsoleKey.Oem2,
        61 => ConsoleKey.OemPlus,
        91 => ConsoleKey.Oem4,
        93 => ConsoleKey.Oem6,
        256 => ConsoleKey.Escape,
        257 or 335 => ConsoleKey.Enter,
        258 => ConsoleKey.Tab,
        259 => ConsoleKey.Backspace,
        260 => ConsoleKey.Insert,
        261 => ConsoleKey.Delete,
        262 => ConsoleKey.RightArrow,
        263 => ConsoleKey.LeftArrow,
        264 => ConsoleKey.DownArrow,
        265 => ConsoleKey.UpArrow,
        266 => ConsoleKey.PageUp,
        267 => ConsoleKey.PageDown,
        268 => ConsoleKey.Home,
        269 => ConsoleKey.End,
        330 => ConsoleKey.Decimal,
        331 => ConsoleKey.Divide,
        332 => ConsoleKey.Multiply,
        333 => ConsoleKey.Subtract,
        334 => ConsoleKey.Add,
        _ => null,
    };

    /// <summary>The button of a mouse: 0 is the left one, 1 the right, 2 the wheel; others count nothing.</summary>
    public static PointerButton Button(int glfwButton) => glfwButton switch
    {
        0 => PointerButton.Left,
        1 => PointerButton.Right,
        2 => PointerButton.Middle,
        _ => PointerButton.None,
    };

    /// <summary>Shift, control and alt, of GLFW's modifier bits.</summary>
    /// <param name="bits">1 shift, 2 control, 4 alt; others count nothing.</param>
    public static ConsoleModifiers Modifiers(int bits) =>
        ((bits & 1) != 0 ? ConsoleModifiers.Shift : 0) | ((bits & 2) != 0 ? ConsoleModifiers.Control : 0) | ((bits & 4) != 0 ? ConsoleModifiers.Alt : 0);
}
