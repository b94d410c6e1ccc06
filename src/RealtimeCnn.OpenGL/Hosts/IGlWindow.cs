using System.Text;

namespace RealtimeCnn.OpenGL.Hosts;

/// <summary>
/// A window with an OpenGL context, whichever library made it. It belongs to the thread that made it; handlers run inside
/// <see cref="PollEvents"/> and <see cref="WaitEvents"/>, which also rethrow what they throw.
/// </summary>
public interface IGlWindow : IDisposable
{
    /// <summary>The size of what is drawn has changed, in pixels; 0×0 while minimised on some systems.</summary>
    event EventHandler<Size2d>? FramebufferResized;

    /// <summary>A key went down or repeats.</summary>
    event EventHandler<KeyPress>? KeyPressed;

    /// <summary>A key went up, or the window no longer has the keyboard.</summary>
    event EventHandler<ConsoleKey>? KeyReleased;

    /// <summary>A character was typed, whatever keys that took.</summary>
    event EventHandler<Rune>? CharacterTyped;

    /// <summary>The mouse moved, was pressed or turned its wheel over the window.</summary>
    event EventHandler<PointerEvent>? PointerUsed;

    /// <summary>Files were dropped on the window: their paths.</summary>
    event EventHandler<IReadOnlyList<string>>? FilesDropped;

    /// <summary>Size of what is drawn, in pixels; not that of the window where the monitor is dense.</summary>
    Size2d FramebufferSize { get; }

    /// <summary>How many times larger than usual things should be drawn on this monitor; 1 on an ordinary one.</summary>
    float ContentScale { get; }

    /// <summary>Whether the window fills the monitor that it is on; size and place of before come back with <c>false</c>.</summary>
    bool IsFullscreen { get; set; }

    /// <summary>Whether there is nothing to draw on, and a program had better wait.</summary>
    bool IsMinimized { get; }

    /// <summary>Whether the user or <see cref="Close"/> asked to close the window.</summary>
    bool IsClosing { get; }

    /// <summary>Handles what the user did since the last call, without waiting.</summary>
    void PollEvents();

    /// <summary>Waits until the user does something, at most for a while: for a minimised window, which has nothing to draw.</summary>
    /// <param name="timeout">Longest wait.</param>
    void WaitEvents(TimeSpan timeout);

    /// <summary>Shows what was drawn. With vertical sync this waits for the monitor, not for the network.</summary>
    void SwapBuffers();

    /// <summary>Makes the window's context current again, after another one was.</summary>
    void MakeCurrent();

    /// <summary>Asks the window to close, as its close button does. Callable from any thread, while the host is not disposed.</summary>
    void Close();

    /// <summary>Changes the text in the title bar.</summary>
    /// <param name="title">The new text.</param>
    void SetTitle(string title);
}
