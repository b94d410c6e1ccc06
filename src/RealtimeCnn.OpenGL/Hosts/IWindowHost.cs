namespace RealtimeCnn.OpenGL.Hosts;

/// <summary>A window with a device in its context, in which networks run.</summary>
public interface IWindowHost : IGlWindow
{
    /// <summary>The device in the window's context.</summary>
    GlDevice Device { get; }
}
