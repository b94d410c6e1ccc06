using System.Numerics;
using RealtimeCnn.OpenGL.Hosts;
using Silk.NET.Input;
using Silk.NET.Windowing;

namespace RealtimeCnn.Silk;

/// <summary>What is done with the mice of an input context, in our terms. Listens until disposal; the context stays its owner's.</summary>
internal sealed class SilkMouse : IDisposable
{
    private readonly IInputContext _input;
    private readonly IView _window;
    private readonly Action<PointerEvent> _used;

    /// <summary>Begins to listen.</summary>
    /// <param name="input">The mice.</param>
    /// <param name="window">What they point at: they count in its screen coordinates, and we in pixels of its framebuffer.</param>
    /// <param name="used">Told of each event.</param>
    public SilkMouse(IInputContext input, IView window, Action<PointerEvent> used)
    {
        (_input, _window, _used) = (input, window, used);
        foreach (var mouse in input.Mice)
        {
            mouse.MouseMove += OnMove;
            mouse.MouseDown += OnDown;
            mouse.MouseUp += OnUp;
            mouse.Scroll += OnScroll;
        }
    }

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        foreach (var mouse in _input.Mice)
        {
            mouse.MouseMove -= OnMove;
            mouse.MouseDown -= OnDown;
            mouse.MouseUp -= OnUp;
            mouse.Scroll -= OnScroll;
        }
    }

    private void OnMove(IMouse mouse, Vector2 place) => Tell(PointerAction.Moved, place);

    private void OnDown(IMouse mouse, MouseButton button) => Tell(PointerAction.Pressed, mouse.Position, button);

    private void OnUp(IMouse mouse, MouseButton button) => Tell(PointerAction.Released, mouse.Position, button);

    private void OnScroll(IMouse mouse, ScrollWheel wheel) => Tell(PointerAction.Scrolled, mouse.Position, wheel: wheel.Y);

    // Silk.NET's buttons have GLFW's numbers.
    private void Tell(PointerAction action, Vector2 place, MouseButton? button = null, float wheel = 0)
    {
        var named = button is { } pressed ? GlfwKeys.Button((int)pressed) : PointerButton.None;
        if (button != null && named == PointerButton.None)
            return;
        var (size, pixels) = (_window.Size, _window.FramebufferSize);
        float scaleX = size.X > 0 ? (float)pixels.X / size.X : 1, scaleY = size.Y > 0 ? (float)pixels.Y / size.Y : 1;
        _used(new PointerEvent(action, place.X * scaleX, place.Y * scaleY, named, wheel));
    }
}
