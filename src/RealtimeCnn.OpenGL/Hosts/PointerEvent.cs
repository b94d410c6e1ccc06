namespace RealtimeCnn.OpenGL.Hosts;

/// <summary>What was done with a mouse or what stands in for one.</summary>
public enum PointerAction
{
    /// <summary>It moved.</summary>
    Moved,

    /// <summary>A button went down.</summary>
    Pressed,

    /// <summary>A button came up, perhaps outside the window.</summary>
    Released,

    /// <summary>Its wheel turned.</summary>
    Scrolled,

    /// <summary>It left the window.</summary>
    Left,
}

/// <summary>A button of a mouse.</summary>
public enum PointerButton
{
    /// <summary>None: of what no button does.</summary>
    None,

    /// <summary>The first one.</summary>
    Left,

    /// <summary>The second one.</summary>
    Right,

    /// <summary>The wheel.</summary>
    Middle,
}

/// <summary>Something that was done with the mouse over a window.</summary>
/// <param name="Action">What.</param>
/// <param name="X">Where, in pixels of the framebuffer from its left edge: the same that is drawn in, on dense monitors too.</param>
/// <param name="Y">Where, from the top.</param>
/// <param name="Button">The button that went down or came up.</param>
/// <param name="Wheel">Steps of the wheel: above 0 away from the user.</param>
public readonly record struct PointerEvent(PointerAction Action, float X, float Y, PointerButton Button = PointerButton.None, float Wheel = 0);
